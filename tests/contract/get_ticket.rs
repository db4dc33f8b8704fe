//! `GET /v1/status/getTicket`: the contract of docs/api.md, row by row.

use axum::http::StatusCode;
use serde_json::json;

use crate::cast::TestApp;

#[tokio::test]
async fn a_user_cannot_read_the_tickets_of_another() {
    let app = TestApp::start().await;
    let (zhou, li) = (app.user("zhou").await, app.user("li").await);

    let reply = app.get(&format!("/v1/status/getTicket?uid={}", li.id), &zhou).await;

    assert_eq!(reply.status, StatusCode::FORBIDDEN);
    assert_eq!(
        reply.json(),
        json!({ "status": "error", "success": false, "request_type": "", "data": "权限不足" })
    );
}
