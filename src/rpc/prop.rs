use serde::{Deserialize, Serialize, Serializer};

/// Prop of an island. The browser serializes props as well, though nothing reads them: this wrapper
/// saves it that code.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Prop<T>(pub T);

impl<T: Serialize> Serialize for Prop<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if cfg!(feature = "ssr") { self.0.serialize(serializer) } else { serializer.serialize_unit() }
    }
}
