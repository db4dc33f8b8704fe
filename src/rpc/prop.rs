use serde::{Deserialize, Serialize, Serializer};

/// What a page tells an island. The browser, too, writes the props of an island
/// down, for nobody to read; inside this they cost it no code.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Prop<T>(pub T);

impl<T: Serialize> Serialize for Prop<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if cfg!(feature = "ssr") { self.0.serialize(serializer) } else { serializer.serialize_unit() }
    }
}
