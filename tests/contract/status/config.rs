//! `GET /v1/status/getConfig`: what is particular to the site.

use axum::http::StatusCode;
use fixdesk::service::site::Limits;
use serde_json::json;

use crate::cast::TestApp;

const PATH: &str = "/v1/status/getConfig";

#[tokio::test]
async fn whoever_is_let_in_is_told_the_settings_and_no_others() {
    let app = TestApp::start_with(|site| {
        site.takes_tickets = false;
        site.limits = Limits { open_tickets: 3, weekly_tickets: 5, jobs: 0, confirmation_days: 7 };
        site.cors_origins = vec!["https://inside.example".to_owned()];
    })
    .await;
    let people = [app.user("zhou").await, app.technician("chen").await, app.admin("sun").await];

    for person in people {
        let reply = app.get(&format!("{PATH}?page=x"), &person).await;

        assert_eq!(reply.status, StatusCode::OK);
        assert_eq!(
            reply.json(),
            json!({
                "status": "success",
                "success": true,
                "data": {
                    "site_name": "Fixdesk",
                    "time_zone": "Asia/Shanghai",
                    "campuses": ["江安", "望江", "华西"],
                    "device_types": ["笔记本", "台式机"],
                    "fault_types": ["清灰", "系统重装"],
                    "takes_tickets": false,
                    "limits": {
                        "open_tickets": 3,
                        "weekly_tickets": 5,
                        "jobs": 0,
                        "confirmation_days": 7,
                    },
                },
            })
        );
    }
}
