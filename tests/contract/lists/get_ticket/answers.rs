//! Exact text of answers.

use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::ticket::ContractTicket;
use fixdesk::domain::time::Instant;
use fixdesk::service::settings::Zone;
use serde_json::{Value, json};

use super::PATH;
use crate::support::cast::{FIRST_ID, NOON, TestApp};

#[tokio::test]
async fn a_ticket_is_told_in_fifteen_fields() {
    let app = TestApp::start().await;
    let (zhou, wang) = (app.user("zhou").await, app.technician("wang").await);
    app.ticket(&zhou, |ticket| {
        *ticket = ContractTicket {
            id: ticket.id,
            owner: zhou.id,
            technician: Some(wang.id),
            status: Status::Done,
            purchase_date: Some("2024-06-01".to_owned()),
            phone: "123456789".to_owned(),
            device_type: "笔记本".to_owned(),
            brand: "华为Matebook".to_owned(),
            description: "开机\"蓝屏\"\n<b>两次</b> 😖".to_owned(),
            image_url: Some("https://example.com/image.jpg".to_owned()),
            fault_type: "清灰".to_owned(),
            qq: "123456".to_owned(),
            campus: "江安".to_owned(),
            created_at: NOON,
            assigned_at: Some(NOON),
            completed_at: Some(NOON.plus(3_661)),
        };
    })
    .await;

    let reply = app.get(&format!("{PATH}?uid={}", zhou.id), &zhou).await;

    assert_eq!(
        reply.text,
        [
            r#"{"status":"success","success":true,"request_type":"by_user_id_all","#,
            r#""data":[{"id":20240000001,"user_id":20240000001,"machine_purchase_date":"2024-06-01","#,
            r#""user_phone":"123456789","device_type":"笔记本","computer_brand":"华为Matebook","#,
            r#""repair_description":"开机\"蓝屏\"\n<b>两次</b> 😖","repair_status":"Done","#,
            r#""repair_image_url":"https://example.com/image.jpg","fault_type":"清灰","#,
            r#""qq_number":"123456","campus":"江安","assigned_technician_id":20240000002,"#,
            r#""assigned_time":"2024-06-10 12:00:00","completion_time":"2024-06-10 13:01:01"}],"#,
            r#""page":1,"limit":10,"total":1}"#,
        ]
        .concat()
    );
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.header("cache-control"), "no-store");
}

#[tokio::test]
async fn what_is_not_known_is_null() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    app.ticket(&zhou, |ticket| (ticket.purchase_date, ticket.image_url) = (None, None)).await;

    let reply = app.get(&format!("{PATH}?orderid={FIRST_ID}"), &zhou).await;

    assert_eq!(
        reply.json(),
        json!({
            "status": "success",
            "success": true,
            "request_type": "by_workorder_id",
            "data": [{
                "id": FIRST_ID,
                "user_id": FIRST_ID,
                "machine_purchase_date": null,
                "user_phone": "13800000000",
                "device_type": "笔记本",
                "computer_brand": "华为 MateBook",
                "repair_description": "风扇很响",
                "repair_status": "Pending",
                "repair_image_url": null,
                "fault_type": "清灰",
                "qq_number": "123456",
                "campus": "江安",
                "assigned_technician_id": null,
                "assigned_time": null,
                "completion_time": null,
            }],
            "page": 1,
            "limit": 10,
            "total": 1,
        })
    );
}

#[tokio::test]
async fn a_waiting_ticket_may_already_have_a_technician() {
    let app = TestApp::start().await;
    let (zhou, wang) = (app.user("zhou").await, app.technician("wang").await);
    app.ticket(&zhou, |ticket| (ticket.technician, ticket.assigned_at) = (Some(wang.id), Some(NOON))).await;

    let reply = app.get(&format!("{PATH}?tid={}&list=pending", wang.id), &wang).await;

    let row = &reply.json()["data"][0];
    assert_eq!(row["repair_status"], "Pending");
    assert_eq!(row["assigned_technician_id"], wang.id.0);
}

#[tokio::test]
async fn every_status_has_its_name() {
    let app = TestApp::start().await;
    let zhou = app.user("zhou").await;
    for status in Status::ALL {
        app.ticket(&zhou, |ticket| ticket.status = status).await;
    }

    let reply = app.get(&format!("{PATH}?uid={}", zhou.id), &zhou).await;

    let json = reply.json();
    let names: Vec<&Value> =
        json["data"].as_array().expect("rows").iter().map(|row| &row["repair_status"]).collect();
    assert_eq!(
        names,
        ["Canceled", "Closed", "Done", "TechConfirming", "UserConfirming", "Repairing", "Pending"]
    );
}

#[tokio::test]
async fn times_are_told_on_the_clock_of_the_site() {
    let (summer, winter) = (NOON, Instant(1_704_067_199));
    for (zone, expected) in [
        ("Asia/Shanghai", ["2024-06-10 12:00:00", "2024-01-01 07:59:59"]),
        ("Europe/Berlin", ["2024-06-10 06:00:00", "2024-01-01 00:59:59"]),
        ("America/New_York", ["2024-06-10 00:00:00", "2023-12-31 18:59:59"]),
        ("Asia/Kathmandu", ["2024-06-10 09:45:00", "2024-01-01 05:44:59"]),
        ("UTC", ["2024-06-10 04:00:00", "2023-12-31 23:59:59"]),
    ] {
        let app = TestApp::start_with(|site| site.zone = Zone(zone.parse().expect("a zone"))).await;
        let zhou = app.user("zhou").await;
        app.ticket(&zhou, |ticket| (ticket.assigned_at, ticket.completed_at) = (Some(summer), Some(winter)))
            .await;

        let reply = app.get(&format!("{PATH}?uid={}", zhou.id), &zhou).await;

        let row = &reply.json()["data"][0];
        assert_eq!([&row["assigned_time"], &row["completion_time"]], expected, "{zone}");
    }
}

#[tokio::test]
async fn numbers_are_exact_up_to_the_largest() {
    let app = TestApp::start().await;
    let mut zhou = app.somebody("zhou", fixdesk::domain::viewer::Role::User);
    zhou.id.0 = (1 << 53) - 1;
    let id = app.add_person(zhou).await;
    let mut ticket = app.draft(id);
    ticket.id.0 = (1 << 53) - 1;
    app.add_tickets(&[ticket]).await;
    let sun = app.admin("sun").await;

    let reply = app.get(&format!("{PATH}?orderid=9007199254740991&uid=9007199254740991"), &sun).await;

    let row = &reply.json()["data"][0];
    assert_eq!([&row["id"], &row["user_id"]], [9_007_199_254_740_991_i64; 2]);
}
