-- Photos whose files a load is about to store. Where it is killed, no ticket ever names them: they are
-- set aside a day later, however many they are.
CREATE TABLE expected_photos (
    id          TEXT PRIMARY KEY,
    expected_at BIGINT NOT NULL
);
