//! Round trips of a list to the database, against `bench/round_trips`.

use std::collections::BTreeMap;

use crate::support::cast::TestApp;
use crate::support::log;

#[tokio::test]
async fn no_request_asks_the_database_more_often_than_is_written_down() {
    let app = TestApp::start().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    let ticket = app.ticket(&zhou, |_| {}).await;
    let cookies: BTreeMap<&str, String> =
        [("user", app.browser_of(&zhou).await), ("admin", app.browser_of(&sun).await)].into();
    let written = std::fs::read_to_string("bench/round_trips").expect("the file");

    for line in written.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_whitespace();
        let mut next = || words.next().expect("three words");
        let (expected, role, path) = (next(), next(), next().replace("{me}", &zhou.id.to_string()));
        let status = words.next().unwrap_or("200");
        let path = path.replace("{ticket}", &ticket.to_string());
        let actor = if role == "admin" { &sun } else { &zhou };
        let ask = async || {
            let reply = match path.starts_with("/v1/") {
                true => app.get(&path, actor).await,
                false => app.visit(&path, &cookies[role]).await,
            };
            assert_eq!(reply.status.as_str(), status, "{path}");
        };
        // The first time connections are opened and statements prepared.
        ask().await;

        let ((), log) = log::during(ask()).await;

        let asked = log.iter().filter(|line| line.contains_key("db.statement")).count();
        assert_eq!(asked.to_string(), expected, "{line}: {log:#?}");
    }
}
