//! Calls of `/v1/*`, and the answers they get.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::cast::{Actor, TestApp};
use crate::support::wire::{Reply, call_refusal, post_json, post_json_as, refusal, with_header};

const FIELDS_OF_PEOPLE: &str = "SELECT username || role || nickname || phone || email || campus || language \
    || shown_contact || muted || duty_campuses || COALESCE(CAST(max_jobs AS TEXT), '-') \
    || CASE WHEN disabled THEN 'off' ELSE 'on' END || CASE WHEN mail_wanted THEN 'mail' ELSE 'quiet' END \
    || CASE WHEN on_duty THEN 'works' ELSE 'rests' END || CAST(credentials_version AS TEXT) \
    FROM users ORDER BY id";

impl TestApp {
    pub async fn call(&self, actor: &Actor, verb: &str, body: &Value) -> Reply {
        self.send(post_json_as(&format!("/v1/user/{verb}"), body, actor)).await
    }

    pub async fn call_once(&self, actor: &Actor, verb: &str, body: &Value, key: &str) -> Reply {
        let request = post_json_as(&format!("/v1/user/{verb}"), body, actor);
        self.send(with_header(request, "idempotency-key", key)).await
    }

    /// Calls without a token.
    pub async fn knock(&self, verb: &str, body: &Value) -> Reply {
        self.send(post_json(&format!("/v1/user/{verb}"), body)).await
    }

    pub async fn account(&self, actor: &Actor) -> Value {
        self.get("/v1/status/getAccount", actor).await.json()["data"].clone()
    }

    /// All changeable data of people, in one line.
    pub async fn people(&self) -> String {
        let all = self.lines();
        let lines =
            format!("WITH lines (line) AS ({FIELDS_OF_PEOPLE}) SELECT COALESCE({all}, '') FROM lines");
        self.text(&lines).await
    }

    fn lines(&self) -> &'static str {
        match self.app.db {
            fixdesk::store::Db::Sqlite { .. } => "group_concat(line, '|')",
            fixdesk::store::Db::Postgres { .. } => "string_agg(line, '|')",
        }
    }
}

pub fn done() -> Value {
    json!({ "success": true, "status": "success" })
}

/// Checks that a call was refused with this text.
pub fn is_refused(reply: &Reply, status: StatusCode, what: &str) {
    assert_eq!((reply.status, reply.json()), (status, call_refusal(what)));
}

/// Checks that a lookup was refused with this text.
pub fn is_not_told(reply: &Reply, status: StatusCode, what: &str) {
    assert_eq!((reply.status, reply.json()), (status, refusal(what)));
}
