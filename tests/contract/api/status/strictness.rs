//! Rules of every lookup beside getTicket.

use axum::http::StatusCode;
use serde_json::json;

use crate::support::cast::{Actor, TestApp};
use crate::support::wire::{get, get_as, refusal, with_body, with_header, with_method};

const USERS: &str = "/v1/status/getUser";
const TECHWORKS: &str = "/v1/status/getTechworks";
const CONFIG: &str = "/v1/status/getConfig";
const CONF: &str = "/v1/conf/get";
const POOL: &str = "/v1/status/getPool";

const INTEGER: &str = "只能是 1 到 9007199254740991 的整数";
const LIMIT: &str = "只能是 1 到 100 的整数";
const ROLE: &str = "只能是 user、technician 或 admin";
const REPEATED: &str = "出现了不止一次";
const UNSUPPORTED: &str = "这里不支持";
const UNPRINTABLE: &str = "有看不见的字符";
const DIFFERENT: &str = "网址和请求体里的值不一样";

#[tokio::test]
async fn a_value_that_cannot_be_understood_is_refused_by_name() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    for (path, query, told) in [
        (USERS, "uid=0", format!("参数 uid {INTEGER}")),
        (USERS, "uid=abc", format!("参数 uid {INTEGER}")),
        (USERS, "role=root", format!("参数 role {ROLE}")),
        (USERS, "role=Admin", format!("参数 role {ROLE}")),
        (USERS, "page=0", format!("参数 page {INTEGER}")),
        (USERS, "limit=101", format!("参数 limit {LIMIT}")),
        (USERS, "uid=1&uid=1", format!("参数 uid {REPEATED}")),
        (USERS, "role=user&role=admin", format!("参数 role {REPEATED}")),
        (USERS, "uid=x&limit=0", format!("参数 uid {INTEGER}; 参数 limit {LIMIT}")),
        (USERS, "openid=o1", format!("参数 openid {UNSUPPORTED}")),
        (USERS, "available=0&uid=1", format!("参数 available {UNSUPPORTED}")),
        (USERS, "phone=%00", format!("参数 phone {UNPRINTABLE}")),
        (USERS, "campus=%E6%B1%9F%00", format!("参数 campus {UNPRINTABLE}")),
        (POOL, "uid=1", format!("参数 uid {UNSUPPORTED}")),
        (POOL, "list=done&page=0", format!("参数 page {INTEGER}")),
        (POOL, "list=done&td=5", format!("参数 tid {UNSUPPORTED}; 参数 list {UNSUPPORTED}")),
        (POOL, "limit=101", format!("参数 limit {LIMIT}")),
        (TECHWORKS, "tid=-1", format!("参数 tid {INTEGER}")),
        (TECHWORKS, "td=x", format!("参数 tid {INTEGER}")),
        (TECHWORKS, "tid=1&td=1", format!("参数 tid {REPEATED}")),
        (TECHWORKS, "page=two", format!("参数 page {INTEGER}")),
        (TECHWORKS, "limit=0", format!("参数 limit {LIMIT}")),
    ] {
        let reply = app.get(&format!("{path}?{query}"), &sun).await;

        assert_eq!((reply.status, reply.json()), (StatusCode::BAD_REQUEST, refusal(&told)), "{path}?{query}");
    }
    let english = with_header(get_as(&format!("{USERS}?role=x"), &sun), "accept-language", "en");
    assert_eq!(app.send(english).await.json(), refusal("role must be user, technician or admin"));
}

#[tokio::test]
async fn empty_and_unknown_parameters_are_left_out() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    for (path, query) in [
        (USERS, "uid=&role=&page=&limit="),
        (USERS, "tid=x&list=x&orderid=x&phone=&openid=&colour=red"),
        (POOL, "page=&campus=&uid=&openid=&colour=red"),
        (TECHWORKS, "tid=&page=&limit="),
        (TECHWORKS, "uid=x&role=x&list=x&colour=red"),
    ] {
        let plain = app.get(path, &sun).await;
        let reply = app.get(&format!("{path}?{query}"), &sun).await;
        assert_eq!((reply.status, reply.text), (StatusCode::OK, plain.text), "{path}?{query}");
    }
}

#[tokio::test]
async fn a_body_says_the_same_and_must_not_say_something_else() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let ask = async |path: &str, body: serde_json::Value| {
        app.send(with_body(get_as(path, &sun), body.to_string())).await
    };

    let by_body = ask(USERS, json!({ "uid": sun.id.0, "list": [] })).await;
    let by_query = app.get(&format!("{USERS}?uid={}", sun.id), &sun).await;
    let conflicting = ask(&format!("{USERS}?role=user"), json!({ "role": "admin" })).await;

    assert_eq!(by_body.json()["total"], 1);
    assert_eq!(by_body.text, by_query.text);
    assert_eq!(conflicting.json(), refusal(&format!("参数 role {DIFFERENT}")));
}

#[tokio::test]
async fn the_token_comes_before_the_values_and_those_before_the_permission() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    let stranger = Actor { token: "x".to_owned(), ..app.user("li").await };

    for path in [USERS, TECHWORKS, CONFIG, CONF, POOL] {
        let nobody = app.send(get(&format!("{path}?page=0"))).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
        assert_eq!(nobody.json(), json!({ "error": "Unauthorized for no Authorization" }), "{path}");
        let forged = app.get(&format!("{path}?page=0"), &stranger).await;
        assert_eq!(forged.json(), json!({ "error": "Unauthorized for invalid token" }), "{path}");
    }
    for path in [USERS, TECHWORKS, POOL] {
        assert_eq!(app.get(&format!("{path}?page=0"), &zhou).await.status, StatusCode::BAD_REQUEST, "{path}");
        assert_eq!(app.get(path, &zhou).await.json(), refusal("权限不足"), "{path}");
    }
}

#[tokio::test]
async fn they_are_read_only() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;

    for path in [USERS, TECHWORKS, CONFIG, CONF, POOL] {
        let options = app.send(with_method(get(path), "OPTIONS")).await;
        assert_eq!((options.status, options.header("allow")), (StatusCode::NO_CONTENT, "GET, HEAD, OPTIONS"));
        let head = app.send(with_method(get_as(path, &sun), "HEAD")).await;
        assert_eq!((head.status, head.text.as_str()), (StatusCode::OK, ""));
        let post = app.send(with_method(get_as(path, &sun), "POST")).await;
        assert_eq!(post.status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(app.get(path, &sun).await.header("cache-control"), "no-store");
    }
}
