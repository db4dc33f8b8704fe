//! Addresses of the server, as its router has them.

use std::collections::BTreeSet;

use crate::support::cast::TestApp;
use crate::support::wire::{get, with_header, with_method};

impl TestApp {
    /// Paths with a handler for POST, parameters in braces: forms of pages, the REST interface and
    /// server functions. A handler for every method has none of its own and is left out.
    pub async fn paths_that_take_a_post(&self) -> Vec<String> {
        let mut found = Vec::new();
        for path in self.paths() {
            if self.methods_of(&path).await.contains("POST") {
                found.push(path);
            }
        }
        found
    }

    /// Paths of the router. Its `Debug` output is the only listing that axum has; a change of that
    /// leaves nothing here, which tests notice.
    fn paths(&self) -> BTreeSet<String> {
        let routes = format!("{:?}", self.router);
        let behind_ids = routes.split("RouteId(").filter_map(|rest| rest.split_once("): \""));
        let paths = behind_ids.filter(|(id, _)| id.bytes().all(|byte| byte.is_ascii_digit()));
        let paths = paths.filter_map(|(_, rest)| rest.split('"').next());
        paths.filter(|path| !path.contains("__private")).map(str::to_owned).collect()
    }

    /// Methods that a path takes, in the words of its refusal of another.
    async fn methods_of(&self, path: &str) -> String {
        let request = with_header(with_method(get(path), "DELETE"), "sec-fetch-site", "same-origin");
        self.send(request).await.header("allow").to_owned()
    }
}
