//! `fixdesk export`: any database comes back the same.

use fixdesk::cli::export::write_everything;
use fixdesk::domain::ids::{TicketId, UserId};
use fixdesk::domain::people::contact::Verified;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::ticket::{ContractTicket, Ticket};
use fixdesk::domain::time::Instant;
use fixdesk::domain::validation::{Lines, printable};
use fixdesk::domain::viewer::Role;
use fixdesk::store::{self, Db};
use indicatif::ProgressBar;
use proptest::prelude::*;
use serde_json::json;

use super::{Desk, li, lines, readable, ticket, whole, with, zhou};
use crate::support::cast::damage;

#[tokio::test]
async fn an_export_reads_back_byte_for_byte_on_either_database() {
    let original = Desk::on_sqlite().await;
    original.demo(60, 5, 2_100, 7).await;
    let exported = original.export().await;

    for copy in Desk::on_every_database().await {
        let loaded = copy.import(exported.clone()).await.expect("imports");

        assert_eq!((loaded.people, loaded.tickets), (68, 2_100));
        assert!(loaded.events > 2_100, "{loaded:?}");
        assert!(copy.export().await == exported);
        // And back again.
        let again = Desk::on_sqlite().await;
        again.import(copy.export().await).await.expect("imports");
        assert!(again.export().await == exported);
    }
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_named_and_keeps_no_other_from_leaving() {
    for desk in Desk::on_every_database().await {
        let ticket_of =
            |owner: i64, id: i64| with(&with(&ticket(), "user_id", json!(owner)), "id", json!(id));
        let event = |id: i64, number: i64| {
            json!({
                "kind": "event", "ticket_id": id, "number": number, "at": "2024-06-10T12:00:00+08:00",
                "actor_id": 1, "what": "filed", "repair_status": "Pending",
            })
        };
        let gone = with(
            &with(&ticket_of(1, 12), "kind", json!("deleted_ticket")),
            "deleted_at",
            json!("2024-06-12 08:00:00"),
        );
        let good = [zhou(), ticket_of(1, 10), event(10, 1), event(10, 3)];
        desk.import(lines(&good)).await.expect("imports");
        let whole = desk.export().await;
        desk.import(lines(&[li(), ticket_of(1, 11), gone, event(11, 1), event(12, 1)]))
            .await
            .expect("imports");
        desk.damage("UPDATE users SET muted = 'all' WHERE id = 2").await;
        for statement in damage(&desk.db, 11) {
            desk.damage(&statement).await;
        }
        desk.damage("UPDATE deleted_tickets SET ticket = '{' WHERE id = 12").await;
        desk.damage(
            "INSERT INTO ticket_events (ticket_id, number, happened_at, kind, note, changes, status)
             VALUES (10, 2, 0, 'exploded', '', '[]', 'Pending')",
        )
        .await;

        let mut out = Vec::new();
        let bar = ProgressBar::hidden();
        let lost = write_everything(&desk.db, desk.site.zone, &mut out, &bar).await.expect("exports");

        assert_eq!(String::from_utf8(out).expect("UTF-8"), whole);
        let rows: Vec<String> = lost.rows.iter().map(ToString::to_string).collect();
        for (row, begins) in
            rows.iter().zip(["users 2: ", "tickets 11: ", "deleted_tickets 12: ", "ticket_events 10.2: "])
        {
            assert!(row.starts_with(begins), "{row}");
        }
        assert_eq!(rows.len(), 4, "{rows:?}");
        assert!(rows[1].contains("warranty"), "{}", rows[1]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_database_holds_comes_back_the_same((people, tickets) in any_desk()) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let original = Desk::on_sqlite().await;
            original.insert(&people, &tickets).await;
            let exported = original.export().await;

            for copy in Desk::on_every_database().await {
                copy.import(exported.clone()).await.expect("imports");

                assert_eq!(contents(&copy.db).await, (people.clone(), whole(&tickets)));
                assert_eq!(copy.export().await, exported);
                assert_eq!(copy.miscounts().await, []);
            }
        });
    }
}

async fn contents(db: &Db) -> (Vec<Person>, Vec<Ticket>) {
    let mut tx = store::snapshot(db).await.expect("a snapshot");
    let people = store::people_after(&mut tx, UserId(0)).await.expect("people");
    let tickets = store::tickets_after(&mut tx, TicketId(0)).await.expect("tickets");
    (readable(people), readable(tickets))
}

/// People and tickets as a database may hold them.
fn any_desk() -> impl Strategy<Value = (Vec<Person>, Vec<ContractTicket>)> {
    let people = proptest::collection::vec(any_person(), 1..6);
    let tickets = proptest::collection::vec(any_ticket(), 0..12);
    (people, tickets).prop_map(|(mut people, tickets)| {
        people.sort_by_key(|person| person.id);
        people.dedup_by_key(|person| person.id);
        for (number, person) in people.iter_mut().enumerate() {
            person.username.insert_str(0, &format!("{number}."));
        }
        let mut tickets: Vec<ContractTicket> = tickets
            .into_iter()
            .map(|(ticket, owner, technician)| ContractTicket {
                owner: owner.get(&people).id,
                technician: technician.map(|index| index.get(&people).id),
                ..ticket
            })
            .collect();
        tickets.sort_by_key(|ticket| ticket.id);
        tickets.dedup_by_key(|ticket| ticket.id);
        (people, tickets)
    })
}

prop_compose! {
    /// Owner and technician are to be taken from the people.
    fn any_ticket()(
        id in id(), owner in any::<proptest::sample::Index>(), technician in proptest::option::of(any::<proptest::sample::Index>()),
        status in proptest::sample::select(&Status::ALL[..]),
        purchase in proptest::option::of((1900_u16..2100, 1_u8..=12, 1_u8..=28)),
        texts in any_texts(),
        created_at in time(), assigned_at in proptest::option::of(time()), completed_at in proptest::option::of(time()),
    ) -> (ContractTicket, proptest::sample::Index, Option<proptest::sample::Index>) {
        let ([phone, device_type, brand, description, fault_type, qq, campus], image_url) = texts;
        let purchase_date = purchase.map(|(year, month, day)| format!("{year}-{month:02}-{day:02}"));
        let ticket = ContractTicket {
            id: TicketId(id), owner: UserId(1), technician: None, status, purchase_date, phone, device_type, brand,
            description, image_url, fault_type, qq, campus, created_at, assigned_at, completed_at,
        };
        (ticket, owner, technician)
    }
}

prop_compose! {
    fn any_texts()(
        phone in text(20), device_type in text(20), brand in text(20), description in text(200),
        fault_type in text(20), qq in text(20), campus in text(20), image_url in proptest::option::of(text(60)),
    ) -> ([String; 7], Option<String>) {
        ([phone, device_type, brand, description, fault_type, qq, campus], image_url)
    }
}

prop_compose! {
    fn any_person()(
        id in id(), username in "[\\p{L}\\p{N}\\p{S}]{0,40}", role in proptest::sample::select(&Role::ALL[..]),
        nickname in text(40).prop_map(|text| if text.is_empty() { "x".to_owned() } else { text }),
        phone in text(40), email in "|[a-z]{1,9}@[a-z]{1,9}\\.edu", campus in text(40),
        disabled in any::<bool>(), has_password in any::<bool>(), created_at in time(),
        phone_verified in proptest::option::of(time()), email_verified in proptest::option::of(time()),
    ) -> Person {
        let hash = "$argon2id$v=19$m=19456,t=2,p=1$Zml4ZGVzay1kZW1vZGF0YQ$9LW0y8J24rbhhACnChXoWAsnGAGexTvnfyyiat6Tr0M";
        let verified = Verified {
            phone: phone_verified.filter(|_| !phone.is_empty()),
            email: email_verified.filter(|_| !email.is_empty()),
        };
        Person {
            verified,
            // Names of mixed scripts come from before the rules for new ones.
            id: UserId(id), username, has_exact_name: true, role, nickname, phone, email, campus, disabled,
            password_hash: if has_password { hash.to_owned() } else { String::new() },
            created_at,
            choices: Default::default(),
        }
    }
}

/// Any text that the desk keeps.
fn text(longest: usize) -> impl Strategy<Value = String> {
    let any = proptest::collection::vec(any::<char>(), 0..longest);
    any.prop_map(|chars| printable(&chars.into_iter().collect::<String>(), Lines::One))
}

fn time() -> impl Strategy<Value = Instant> {
    prop_oneof![
        (-62_135_510_400_i64..=253_402_128_000).prop_map(Instant),
        (0_i64..=4_000_000_000).prop_map(Instant),
    ]
}

fn id() -> impl Strategy<Value = i64> {
    prop_oneof![1_i64..=9_007_199_254_740_991, 1_i64..=100]
}
