//! The OpenAPI document, made from the handlers themselves.

use std::sync::LazyLock;

use crate::http::middleware::security_headers::PUBLIC;
use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{OpenApi as Document, RefOr};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(title = "Fixdesk", description = "Repair tickets: who filed them, who has them, how they stand."),
    paths(
        super::account::login::login,
        super::account::logout::logout,
        super::tickets::get_ticket::get_ticket,
        super::people::get_user::get_user,
        super::people::get_techworks::get_techworks,
        super::get_config::get_config,
        super::get_config::conf_get,
        super::tickets::get_pool::get_pool,
        super::account::get_account::get_account,
        super::account::get_inbox::get_inbox,
        super::account::registration::register,
        super::account::registration::forgot,
        super::account::registration::welcome,
        super::account::registration::verify,
        super::account::profile::profile,
        super::account::profile::wishes,
        super::account::profile::duty,
        super::account::profile::password,
        super::account::profile::send_proof,
        super::account::profile::read,
        super::people::admin::create,
        super::people::admin::role,
        super::people::admin::disable,
        super::people::admin::enable,
        super::people::admin::link,
        super::people::admin::contact,
        super::tickets::report::create,
        super::tickets::actions::complete,
        super::tickets::report::set,
        super::tickets::actions::give,
        super::tickets::actions::code,
        super::tickets::actions::act,
        super::tickets::actions::message,
        super::tickets::get_history::get_history,
        super::tickets::photos::add,
        super::tickets::photos::get_photos,
        super::tickets::photos::full,
        super::tickets::photos::thumbnail,
        super::tickets::actions::delete,
        super::tickets::actions::restore,
    ),
    tags(
        (name = "lookups", description = "Find tickets, read their history, and what the site offers to choose from."),
        (name = "tickets", description = "File a repair, and everything that happens to it afterwards."),
        (name = "photos", description = "Pictures of a ticket, added and looked at by whoever may see it."),
        (name = "sign-in", description = "Get a token, end it, or come in for the first time."),
        (name = "account", description = "Profile, notices, working hours and password of whoever asks."),
        (name = "people", description = "Look people up; as an admin, add them and change what they may do."),
    ),
    modifiers(&Bearer, &Outage),
)]
struct Interface;

struct Bearer;

impl Modify for Bearer {
    fn modify(&self, document: &mut Document) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        document
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", SecurityScheme::Http(scheme));
    }
}

/// Declares 503 beside every 500: a database that does not answer is told from a server that failed.
struct Outage;

impl Modify for Outage {
    fn modify(&self, document: &mut Document) {
        const DESCRIPTION: &str = "The database does not answer; `Retry-After` has the seconds to wait";
        let paths = document.paths.paths.values_mut();
        for operation in paths.flat_map(|path| [path.get.as_mut(), path.post.as_mut()]).flatten() {
            let responses = &mut operation.responses.responses;
            if let Some(RefOr::T(mut outage)) = responses.get("500").cloned() {
                DESCRIPTION.clone_into(&mut outage.description);
                responses.entry("503".to_owned()).or_insert(RefOr::T(outage));
            }
        }
    }
}

pub static DOCUMENT: LazyLock<Document> = LazyLock::new(Interface::openapi);

pub async fn document() -> impl IntoResponse {
    ([(CACHE_CONTROL, PUBLIC)], Json(&*DOCUMENT))
}
