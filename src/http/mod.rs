//! The HTTP side of the server. [`router`] is the table of contents.
//!
//! Handlers translate: read the request, call one verb of `service`, print the
//! answer. They do not know the store and decide nothing about tickets.

mod bearer;
mod call;
mod client_address;
pub mod connections;
mod deletion_forms;
mod docs;
mod door_forms;
mod door_verbs;
mod error;
mod form_address;
mod forms;
mod get_account;
mod get_config;
mod get_history;
mod get_inbox;
mod get_pool;
mod get_techworks;
mod get_ticket;
mod get_user;
mod headers;
mod health;
mod json_object;
mod kept_form;
mod kept_pages;
mod language;
mod list_files;
mod login;
mod logout;
mod lookup;
mod navigation;
mod openapi;
mod origin;
mod pages;
mod people_forms;
mod people_verbs;
mod photo_verbs;
mod photos;
mod preferences;
mod report_verbs;
mod revision;
mod same_origin;
mod sent;
mod sent_files;
mod session;
mod ticket_forms;
mod ticket_head;
mod ticket_verbs;
mod upload_gate;
mod upload_room;
mod user_verbs;

use std::sync::{Arc, Once};

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, any, get, on, post};
use leptos::config::LeptosOptions;
use tower::ServiceBuilder;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::trace::TraceLayer;

use kept_pages::KeptPages;
use list_files::Format;
use upload_room::UploadRoom;

use crate::domain::place::Place;
use crate::service::App;

/// No request of the desk needs more, but for [those with photos](with_photos).
const BODY_LIMIT: usize = 64 * 1024;

/// What handlers and pages are given. Every layer of a request clones it.
#[derive(Clone)]
pub struct Web {
    pub app: Arc<App>,
    pub leptos: Arc<LeptosOptions>,
    pages: KeptPages,
    uploads: UploadRoom,
    /// Says once that the proxy names no addresses.
    unclear_address: Arc<Once>,
}

impl Web {
    pub fn new(app: App, leptos: LeptosOptions) -> Self {
        let uploads = UploadRoom::new(app.site.upload_bytes);
        Self {
            app: app.into(),
            leptos: leptos.into(),
            pages: KeptPages::default(),
            uploads,
            unclear_address: Arc::new(Once::new()),
        }
    }
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        Self::clone(&web.app)
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        Self::clone(&web.leptos)
    }
}

pub fn router(web: Web) -> Router {
    // What pages are rendered with. For a second router it is set already.
    let _ = any_spawner::Executor::init_tokio();

    let site = Router::new()
        .route("/", get(pages::home))
        .route(Place::My.path(), pages::list(Place::My))
        .route(Place::Jobs.path(), pages::list(Place::Jobs))
        .route(Place::Pool.path(), pages::list(Place::Pool))
        .route(Place::All.path(), pages::list(Place::All))
        .route("/tickets/new", pages::new_ticket().post(ticket_forms::file).layer(with_photos()))
        .route("/tickets/{id}", pages::ticket())
        .route("/tickets/deleted", pages::deleted())
        .route("/tickets/{id}/delete", post(deletion_forms::delete))
        .route("/tickets/{id}/restore", post(deletion_forms::restore))
        .route("/tickets/{id}/act", post(ticket_forms::act).layer(with_photos()))
        .route("/tickets/{id}/message", post(ticket_forms::message))
        .route("/tickets/{id}/photos", post(ticket_forms::add_photos).layer(with_photos()))
        .route("/tickets/{id}/note", post(ticket_forms::note))
        .route("/tickets/{id}/correct", post(ticket_forms::correct))
        .route("/tickets/{id}/code", post(ticket_forms::make_code))
        .route("/take-over", pages::take_over().post(ticket_forms::take_over))
        .route("/people", pages::people().post(people_forms::add))
        .route("/people/{id}/role", post(people_forms::set_role))
        .route("/people/{id}/disable", post(people_forms::disable))
        .route("/people/{id}/enable", post(people_forms::enable))
        .route("/people/{id}/link", post(people_forms::make_link))
        .route("/people/{id}/contact", post(people_forms::set_contact))
        .route("/people/{id}/mail", post(people_forms::try_address))
        .route("/welcome/{secret}", pages::welcome().post(people_forms::use_link))
        .route("/verify/{secret}", pages::verify().post(people_forms::confirm_email))
        .route("/photos/{id}", get(photos::full))
        .route("/photos/{id}/thumbnail", get(photos::thumbnail))
        .route("/inbox", pages::inbox().post(ticket_forms::mark_read))
        .route("/sign-in", pages::sign_in().post(forms::sign_in).layer(with_kept_form()))
        .route("/register", pages::register().post(door_forms::register))
        .route("/forgot", pages::forgot().post(door_forms::forgot))
        .route("/sign-out", post(forms::sign_out))
        .route("/account", pages::account().post(forms::change_password))
        .route("/account/profile", post(people_forms::change_profile))
        .route("/account/mail", post(people_forms::try_own_address))
        .route("/account/proof", post(people_forms::send_proof))
        .route("/account/wishes", post(people_forms::change_wishes))
        .route("/account/duty", post(people_forms::change_duty))
        .route("/preferences", post(preferences::remember))
        .route("/api/docs", get(docs::overview))
        .route("/api/docs/{group}", get(docs::group))
        .merge(list_files())
        .merge(server_functions())
        .fallback(pages::file_or_not_found)
        .layer(
            // One after the other, the first outermost: each `layer` of a router costs every request.
            ServiceBuilder::new()
                .layer(middleware::from_fn(same_origin::guard))
                .layer(middleware::from_fn_with_state(web.clone(), session::identify)),
        );

    let api = Router::new()
        .route("/v1/status/getTicket", get(get_ticket::get_ticket).options(error::options_get))
        .route("/v1/status/getUser", get(get_user::get_user).options(error::options_get))
        .route("/v1/status/getTechworks", get(get_techworks::get_techworks).options(error::options_get))
        .route("/v1/status/getConfig", get(get_config::get_config).options(error::options_get))
        .route("/v1/conf/get", get(get_config::conf_get).options(error::options_get))
        .route("/v1/status/getPool", get(get_pool::get_pool).options(error::options_get))
        .route("/v1/status/getAccount", get(get_account::get_account).options(error::options_get))
        .route("/v1/status/getInbox", get(get_inbox::get_inbox).options(error::options_get))
        .route("/v1/status/getHistory", get(get_history::get_history).options(error::options_get))
        .route("/v1/status/getPhotos", get(photo_verbs::get_photos).options(error::options_get))
        .route("/v1/photos/{id}", get(photo_verbs::full).options(error::options_get))
        .route("/v1/photos/{id}/thumbnail", get(photo_verbs::thumbnail).options(error::options_get))
        .route("/v1/user/login", post(login::login).options(error::options_post))
        .merge(calls())
        .route("/v1", any(error::no_such_address))
        .route("/v1/", any(error::no_such_address))
        .route("/v1/{*rest}", any(error::no_such_address))
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(option_layer(cors(&web.app)));

    site.merge(api)
        .route("/api/openapi.json", get(openapi::document))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .layer(
            ServiceBuilder::new()
                .layer(TraceLayer::new_for_http())
                .layer(CompressionLayer::new())
                .layer(middleware::from_fn_with_state(web.clone(), headers::add))
                .layer(CatchPanicLayer::custom(error::panicked))
                .layer(DefaultBodyLimit::max(BODY_LIMIT)),
        )
        .with_state(web)
}

/// Calls that change something. The log-in is none of them: its answers are the contract's.
fn calls() -> Router<Web> {
    Router::new()
        .route("/v1/user/logout", post(logout::logout).options(error::options_post))
        .route("/v1/user/register", post(door_verbs::register).options(error::options_post))
        .route("/v1/user/forgot", post(door_verbs::forgot).options(error::options_post))
        .route("/v1/user/welcome", post(door_verbs::welcome).options(error::options_post))
        .route("/v1/user/verify", post(door_verbs::verify).options(error::options_post))
        .route("/v1/user/sendProof", post(user_verbs::send_proof).options(error::options_post))
        .route("/v1/user/profile", post(user_verbs::profile).options(error::options_post))
        .route("/v1/user/wishes", post(user_verbs::wishes).options(error::options_post))
        .route("/v1/user/duty", post(user_verbs::duty).options(error::options_post))
        .route("/v1/user/password", post(user_verbs::password).options(error::options_post))
        .route("/v1/user/read", post(user_verbs::read).options(error::options_post))
        .route("/v1/user/create", post(people_verbs::create).options(error::options_post))
        .route("/v1/user/role", post(people_verbs::role).options(error::options_post))
        .route("/v1/user/disable", post(people_verbs::disable).options(error::options_post))
        .route("/v1/user/enable", post(people_verbs::enable).options(error::options_post))
        .route("/v1/user/link", post(people_verbs::link).options(error::options_post))
        .route("/v1/user/contact", post(people_verbs::contact).options(error::options_post))
        .route("/v1/ticket/create", post(report_verbs::create).options(error::options_post))
        .route("/v1/ticket/complete", post(ticket_verbs::complete).options(error::options_post))
        .route("/v1/ticket/set", post(report_verbs::set).options(error::options_post))
        .route("/v1/ticket/give", post(ticket_verbs::give).options(error::options_post))
        .route("/v1/ticket/code", post(ticket_verbs::code).options(error::options_post))
        .route("/v1/ticket/act", post(ticket_verbs::act).options(error::options_post))
        .route("/v1/ticket/message", post(ticket_verbs::message).options(error::options_post))
        .route("/v1/ticket/photos", add_photos())
        .route("/v1/ticket/delete", post(ticket_verbs::delete).options(error::options_post))
        .route("/v1/ticket/restore", post(ticket_verbs::restore).options(error::options_post))
        .layer(middleware::map_response(error::with_message))
}

fn add_photos() -> MethodRouter<Web> {
    post(photo_verbs::add).options(error::options_post).layer(with_photos())
}

/// For the sign-in, which holds another form: one as large as any, each byte written
/// as three.
fn with_kept_form() -> DefaultBodyLimit {
    DefaultBodyLimit::max(4 * BODY_LIMIT)
}

/// For the few forms that files are sent with.
fn with_photos() -> DefaultBodyLimit {
    DefaultBodyLimit::max(sent_files::BODY_LIMIT_WITH_PHOTOS)
}

/// Every list, in every format.
fn list_files() -> Router<Web> {
    let files = Place::ALL.into_iter().flat_map(|place| Format::ALL.map(|format| (place, format)));
    files.fold(Router::new(), |router, (place, format)| {
        let path = format!("{}.{}", place.path(), format.extension());
        router.route(&path, list_files::of(place, format))
    })
}

/// The addresses that `rpc` declares, each with its own method.
fn server_functions() -> Router<Web> {
    let declared = leptos::server_fn::axum::server_fn_paths();
    declared.fold(Router::new(), |router, (path, method)| {
        let method = MethodFilter::try_from(method).expect("server functions use GET and POST");
        router.route(path, on(method, pages::server_function))
    })
}

/// None unless the site names origins: the layer answers every OPTIONS itself.
fn cors(app: &App) -> Option<CorsLayer> {
    let origins = app.site.cors_origins.iter();
    let origins: Vec<HeaderValue> = origins.filter_map(|origin| origin.parse().ok()).collect();
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
        ])
        .expose_headers([header::RETRY_AFTER, header::WWW_AUTHENTICATE]);
    (!origins.is_empty()).then(|| layer.allow_origin(origins))
}
