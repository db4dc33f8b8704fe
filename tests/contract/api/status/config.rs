//! `GET /v1/status/getConfig`: what is particular to the site.

use axum::http::StatusCode;
use fixdesk::service::settings::Limits;
use serde_json::{Value, json};

use crate::support::cast::{EN, TestApp, ZH};
use crate::support::wire::{get_as, with_header};

const PATH: &str = "/v1/status/getConfig";
const ALIAS: &str = "/v1/conf/get";

fn configs(told: &[(&str, &str, &str)]) -> Value {
    told.iter().map(|(name, info, data)| json!({ "name": name, "info": info, "data": data })).collect()
}

#[tokio::test]
async fn an_older_address_tells_the_same_and_an_open_desk_says_so_by_a_flag() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;

    let (reply, alias) = (app.get(PATH, &zhou).await, app.get(ALIAS, &zhou).await);

    assert_eq!((alias.status, &alias.text), (StatusCode::OK, &reply.text));
    let told = alias.json()["configs"].clone();
    let of = |name: &str| {
        let found = told.as_array().into_iter().flatten().find(|config| config["name"] == name);
        found.map(|config| config["data"].clone())
    };
    assert_eq!((of("Global_Flag"), of("Rest_Msg")), (Some(json!("1")), Some(json!(""))));
    let english = app.send(with_header(get_as(ALIAS, &zhou), "accept-language", "en")).await;
    assert_eq!(english.json()["configs"][0]["info"], EN.api().conf_flag);
}

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
                "configs": configs(&[
                    ("Global_Flag", ZH.api().conf_flag, ""),
                    ("Global_Year", ZH.api().conf_year, "2024"),
                    ("Global_Tips", ZH.api().conf_tips, ""),
                    ("Rest_Msg", ZH.api().conf_rest, ZH.work().desk_closed),
                    ("Submit_Tips", ZH.api().conf_submit, ""),
                ]),
            })
        );
    }
}
