//! Names and logins: those that read alike are one name, on either
//! database.

use axum::http::StatusCode;
use fixdesk::domain::ids::UserId;
use fixdesk::domain::input::Reason;
use fixdesk::domain::people::person::Person;
use fixdesk::domain::viewer::Role;
use fixdesk::store;

use crate::support::cast::{Actor, FIRST_ID, PASSWORD, TestApp, ZH};
use crate::support::wire::Reply;
use crate::transfer::{Desk, readable};

async fn open_site() -> TestApp {
    TestApp::start_with(|site| site.open_registration = true).await
}

async fn register(app: &TestApp, username: &str, nickname: &str) -> Reply {
    let fields = [
        ("username", username),
        ("nickname", nickname),
        ("phone", "13800000000"),
        ("email", ""),
        ("campus", ""),
        ("new", PASSWORD),
        ("repeat", PASSWORD),
    ];
    app.submit("/register", "", &fields).await
}

async fn uid_of(app: &TestApp, login: &str) -> Option<i64> {
    app.log_in(login, PASSWORD).await.json()["uid"].as_i64()
}

fn refused_for(reply: &Reply, reason: Reason) -> bool {
    reply.status == StatusCode::UNPROCESSABLE_ENTITY && reply.readable().contains(&(ZH.work().reason)(reason))
}

#[tokio::test]
async fn names_that_read_alike_are_one_account() {
    let app = open_site().await;
    for (name, same) in [
        ("Jürgen", ["JÜRGEN", "ju\u{308}rgen", "ＪÜrgen"]),
        ("Бобров", ["бобров", "БОБРОВ", "\u{a0}Бобров\u{3000}"]),
        ("kate", ["\u{212a}ate", "ＫＡＴＥ", "Kate"]),
    ] {
        assert_eq!(register(&app, name, "新同学").await.status, StatusCode::SEE_OTHER, "{name}");
        let uid = uid_of(&app, name).await;
        assert!(uid.is_some(), "{name}");
        for other in same {
            assert!(refused_for(&register(&app, other, "新同学").await, Reason::Taken), "{other}");
            assert_eq!(uid_of(&app, other).await, uid, "{other}");
        }
        // Registrations from one address are limited by the minute.
        app.pass_seconds(61);
    }
}

#[tokio::test]
async fn a_phone_number_is_found_however_it_is_written() {
    let app = TestApp::start().await;
    app.add_person(Person { phone: "+86 139–1234 5678".to_owned(), ..app.somebody("wang", Role::User) })
        .await;

    for login in [
        "13912345678",
        "+86 139-1234-5678",
        "008613912345678",
        "１３９１２３４５６７８",
        "139\u{a0}1234—5678",
    ] {
        assert_eq!(uid_of(&app, login).await, Some(FIRST_ID), "{login}");
    }
    assert_eq!(uid_of(&app, "13912345679").await, None);
    // Pages show it as typed.
    let cookie = app.browser_of(&app.admin("sun").await).await;
    assert!(app.visit("/people?q=139+1234", &cookie).await.readable().contains("+86 139–1234 5678"));
}

#[tokio::test]
async fn whatever_nobody_can_be_called_is_nobodys_name() {
    let app = TestApp::start().await;
    app.user("zhou").await;
    for login in ["\0", "zhou\0", "\u{202e}zhou", "zh\u{200b}ou", "a\nb", "\u{ffff}", "%00"] {
        assert_eq!(app.log_in(login, PASSWORD).await.status, StatusCode::UNAUTHORIZED, "{login:?}");
        let fields = [("username", login), ("password", PASSWORD)];
        assert_eq!(app.submit("/sign-in", "", &fields).await.status, StatusCode::UNAUTHORIZED, "{login:?}");
        app.pass_seconds(61);
    }
}

#[tokio::test]
async fn a_new_name_can_be_read_and_is_taken_for_no_other() {
    let app = open_site().await;
    for name in ["ka\u{200b}te", "\u{3164}", "kаte", "bobров", "\u{202e}etak", "a\0b", "a b"] {
        assert!(refused_for(&register(&app, name, "新同学").await, Reason::NotAName), "{name:?}");
    }
    for name in ["１３９００００００００", "wang＠example.edu"] {
        assert!(refused_for(&register(&app, name, "新同学").await, Reason::LikeAContact), "{name}");
    }
    assert!(refused_for(&register(&app, "administrator", "新同学").await, Reason::LikeStaff));
    assert_eq!(app.text("SELECT CAST(COUNT(*) AS TEXT) FROM users").await, "0");
}

async fn rename(app: &TestApp, actor: &Actor, nickname: &str) -> Reply {
    let fields = [
        ("nickname", nickname),
        ("phone", ""),
        ("email", ""),
        ("campus", ""),
        ("language", "zh-CN"),
        ("shown_contact", ""),
    ];
    app.submit("/account/profile", &app.browser_of(actor).await, &fields).await
}

#[tokio::test]
async fn a_nickname_can_be_seen_and_poses_as_nobody() {
    let app = open_site().await;
    let (zhou, sun) = (app.user("zhou").await, app.admin("sun").await);
    for (nickname, reason) in [
        ("\u{202e}nimda", Reason::Unprintable),
        ("周\0", Reason::Unprintable),
        ("周\n同学", Reason::Unprintable),
        ("\u{200b}\u{3164}\u{2800}\u{ad}", Reason::Missing),
        ("admin", Reason::LikeStaff),
        ("аdmіn", Reason::LikeStaff),
        ("系统管理员", Reason::LikeStaff),
        ("Fixdesk", Reason::LikeStaff),
        // The nickname and the user name of an admin.
        ("ＳＵＮ同学", Reason::LikeStaff),
        ("Sun", Reason::LikeStaff),
        // Read as it, whatever the characters are.
        ("s\u{200b}un", Reason::LikeStaff),
        ("\u{455}\u{fa}n", Reason::LikeStaff),
    ] {
        assert!(refused_for(&rename(&app, &zhou, nickname).await, reason), "{nickname:?}");
        assert!(refused_for(&register(&app, "wang", nickname).await, reason), "{nickname:?}");
    }
    assert_eq!(rename(&app, &sun, "管理员").await.status, StatusCode::SEE_OTHER);
    assert_eq!(rename(&app, &zhou, "\u{3000}周 同学\u{a0}").await.status, StatusCode::SEE_OTHER);
    let named = app.text(&format!("SELECT nickname FROM users WHERE id = {}", zhou.id)).await;
    assert_eq!(named, "周 同学");
}

#[tokio::test]
async fn people_are_found_whatever_the_case_and_width_of_a_search() {
    let app = TestApp::start().await;
    let sun = app.admin("sun").await;
    let bobrov = Person { nickname: "Бобров".to_owned(), ..app.somebody("bobrov", Role::User) };
    app.add_person(Person { email: "Bobrov@Example.EDU".to_owned(), ..bobrov }).await;
    let cookie = app.browser_of(&sun).await;
    for search in ["бОБ", "ＢＯＢ", "bobrov@example.edu", "\0BOB", "\u{202e}bob"] {
        let query = form_urlencoded::Serializer::new(String::new()).append_pair("q", search).finish();
        let page = app.visit(&format!("/people?{query}"), &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{search:?}");
        assert!(page.readable().contains("管理Бобров") && !page.readable().contains("管理sun"), "{search:?}");
    }
}

/// Rows as an older version of the program left them.
async fn forget_keys(app: &TestApp) {
    app.execute(
        "UPDATE users SET username_key = '', nickname_key = '', phone_key = '', email_key = '', has_exact_name = TRUE",
    )
    .await;
}

#[tokio::test]
async fn an_older_database_gets_its_keys_and_nobody_is_shut_out() {
    let app = TestApp::start().await;
    let old = |name: &str| Person { has_exact_name: true, ..app.somebody(name, Role::User) };
    let names = ["Jürgen", "JÜRGEN", "ju\u{308}rgen", "Бобров", "Boбров", "\u{3164}"];
    for name in names {
        let phone = if name == "Бобров" { "+86 138-0000-0000" } else { "" };
        app.add_person(Person { phone: phone.to_owned(), ..old(name) }).await;
    }
    app.execute("UPDATE users SET nickname = '\u{202e}nimda' WHERE username = 'JÜRGEN'").await;
    forget_keys(&app).await;

    // Twice: rows with keys keep them.
    let _ = app.another_node().await;
    let app = app.another_node().await;

    for (name, id) in names.into_iter().zip(FIRST_ID..) {
        assert_eq!(uid_of(&app, name).await, Some(id), "{name}");
    }
    for (login, id) in [("jürgen", 0), ("бобров", 3), ("13800000000", 3)] {
        assert_eq!(uid_of(&app, login).await, Some(FIRST_ID + id), "{login}");
        app.pass_seconds(61);
    }
    let exact = "SELECT CAST(COUNT(*) AS TEXT) FROM users WHERE has_exact_name";
    assert_eq!(app.text(exact).await, "4");
    // Characters that turn text are gone.
    assert_eq!(app.text("SELECT nickname FROM users WHERE username = 'JÜRGEN'").await, "nimda");
}

#[tokio::test]
async fn many_old_accounts_get_their_keys() {
    let app = TestApp::start().await;
    let mut tx = app.app.db.begin().await.expect("begins");
    for number in 0..1_234 {
        let person = Person { has_exact_name: true, ..app.somebody(&format!("Student{number}"), Role::User) };
        store::people::accounts::insert(&mut tx, &person).await.expect("is accepted");
    }
    tx.commit().await.expect("commits");
    forget_keys(&app).await;

    let app = app.another_node().await;

    let keyed =
        "SELECT CAST(COUNT(*) AS TEXT) FROM users WHERE NOT has_exact_name AND username_key LIKE 'student%'";
    assert_eq!(app.text(keyed).await, "1234");
}

#[tokio::test]
async fn an_export_of_one_database_loads_into_the_other() {
    let stage = TestApp::start().await;
    let old = |name: &str| Person { has_exact_name: true, ..stage.somebody(name, Role::User) };
    let decomposed = Person { nickname: "jürgen".to_owned(), ..old("ju\u{308}rgen") };
    let people = [stage.somebody("Бобров", Role::User), old("бобров"), old("Jürgen"), decomposed];
    for from in Desk::on_every_database().await {
        from.insert(&people, &[]).await;
        let exported = from.export().await;
        for to in Desk::on_every_database().await {
            to.import(exported.clone()).await.expect("imports");
            assert_eq!(to.export().await, exported);
        }
    }
}

#[tokio::test]
async fn a_file_obeys_the_rules_for_names_line_by_line() {
    let line = |id: i64, changed: (&str, &str)| {
        let mut person = crate::transfer::zhou();
        person["id"] = id.into();
        person["username"] = format!("user{id}").into();
        person[changed.0] = changed.1.into();
        person.to_string()
    };
    for desk in Desk::on_every_database().await {
        for (changed, reason) in [
            (("username", "USER1"), "line 2: the user name \"USER1\" is already taken"),
            (("username", "us\u{200b}er"), "line 2: username: a user name has"),
            (("username", "usеr"), "line 2: username: a user name has"),
            (
                ("nickname", "\u{202e}x"),
                "line 2: nickname must be one line without characters that nobody can see",
            ),
            (("email", "a\u{202e}@b.c"), "line 2: email must be one line"),
            (("phone", "1\n2"), "line 2: phone must be one line"),
        ] {
            let file = format!("{}\n{}\n", line(1, ("nickname", "周")), line(2, changed));
            let error = desk.import(file).await.expect_err("is refused").to_string();
            assert!(error.starts_with(reason), "{error}");
        }
        let file = line(3, ("nickname", " ju\u{308}rgen\u{3000}"));
        desk.import(file).await.expect("imports");
        let mut tx = store::snapshot(&desk.db).await.expect("a snapshot");
        let people = readable(store::people_after(&mut tx, UserId(2)).await.expect("people"));
        assert_eq!(people.first().map(|person| person.nickname.as_str()), Some("jürgen"));
    }
}
