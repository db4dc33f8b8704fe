//! The HTTP side of the server. [`router`] is the table of contents.
//!
//! Handlers translate: read the request, call one verb of `service`, print the
//! answer. They do not know the store and decide nothing about tickets.

mod api;
mod base_url;
pub mod connections;
mod health;
mod middleware;
mod uploads;
mod web;

use std::sync::{Arc, Once};

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::routing::{MethodFilter, MethodRouter, any, get, on, post};
use leptos::config::LeptosOptions;
use tower::ServiceBuilder;
use tower::util::option_layer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::trace::TraceLayer;

use crate::http::uploads::room::UploadRoom;
use web::list_export::Format;

use crate::domain::lists::page::ListPage;
use crate::service::App;

/// Limit of all bodies except [those with photos](with_photos).
const BODY_LIMIT: usize = 64 * 1024;
/// Limit of forms: `BODY_LIMIT` may be typed, and browsers send each byte as up to three.
const FORM_LIMIT: usize = 4 * BODY_LIMIT;

/// State of handlers and pages. Each layer of a request clones it.
#[derive(Clone)]
pub struct Web {
    pub app: Arc<App>,
    pub leptos: Arc<LeptosOptions>,
    uploads: UploadRoom,
    /// Limits the no-address warning to one.
    unclear_address: Arc<Once>,
}

impl Web {
    pub fn new(app: App, leptos: LeptosOptions) -> Self {
        let uploads = UploadRoom::new(app.site.upload_bytes);
        Self { app: app.into(), leptos: leptos.into(), uploads, unclear_address: Arc::new(Once::new()) }
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
    // The executor that renders pages. A second router finds it set.
    let _ = any_spawner::Executor::init_tokio();

    let site = Router::new()
        .route("/", get(web::render::home))
        .route(ListPage::My.path(), web::render::list(ListPage::My))
        .route(ListPage::Jobs.path(), web::render::list(ListPage::Jobs))
        .route(ListPage::Pool.path(), web::render::list(ListPage::Pool))
        .route(ListPage::All.path(), web::render::list(ListPage::All))
        .route("/tickets/new", web::render::new_ticket().post(web::forms::tickets::file).layer(with_photos()))
        .route("/tickets/{id}", web::render::ticket())
        .route("/tickets/deleted", web::render::deleted())
        .route("/tickets/{id}/delete", post(web::forms::trash::delete))
        .route("/tickets/{id}/restore", post(web::forms::trash::restore))
        .route("/tickets/{id}/act", post(web::forms::tickets::act).layer(with_photos()))
        .route("/tickets/{id}/message", post(web::forms::tickets::message))
        .route("/tickets/{id}/photos", post(web::forms::tickets::add_photos).layer(with_photos()))
        .route("/tickets/{id}/note", post(web::forms::tickets::note))
        .route("/tickets/{id}/correct", post(web::forms::tickets::correct))
        .route("/tickets/{id}/code", post(web::forms::tickets::make_code))
        .route("/take-over", web::render::take_over().post(web::forms::tickets::take_over))
        .route("/people", web::render::people().post(web::forms::people::add))
        .route("/people/{id}/role", post(web::forms::people::set_role))
        .route("/people/{id}/disable", post(web::forms::people::disable))
        .route("/people/{id}/enable", post(web::forms::people::enable))
        .route("/people/{id}/link", post(web::forms::people::make_link))
        .route("/people/{id}/contact", post(web::forms::people::set_contact))
        .route("/people/{id}/mail", post(web::forms::people::try_address))
        .route("/welcome/{secret}", web::render::welcome().post(web::forms::people::use_link))
        .route("/verify/{secret}", web::render::verify().post(web::forms::people::confirm_email))
        .route("/photos/{id}", get(web::photos::full))
        .route("/photos/{id}/thumbnail", get(web::photos::thumbnail))
        .route("/inbox", web::render::inbox().post(web::forms::tickets::mark_read))
        .route("/sign-in", web::render::sign_in().post(web::forms::account::sign_in).layer(with_kept_form()))
        .route("/register", web::render::register().post(web::forms::registration::register))
        .route("/forgot", web::render::forgot().post(web::forms::registration::forgot))
        .route("/sign-out", post(web::forms::account::sign_out))
        .route("/account", web::render::account().post(web::forms::account::change_password))
        .route("/account/profile", post(web::forms::people::change_profile))
        .route("/account/mail", post(web::forms::people::try_own_address))
        .route("/account/proof", post(web::forms::people::send_proof))
        .route("/account/wishes", post(web::forms::people::change_preferences))
        .route("/account/duty", post(web::forms::people::change_availability))
        .route("/preferences", post(web::forms::preferences::remember))
        .route("/api/docs", get(api::docs::overview))
        .route("/api/docs/{group}", get(api::docs::group))
        .merge(list_files())
        .merge(server_functions())
        .fallback(web::render::file_or_not_found)
        .layer(
            // One after the other, the first outermost: each `layer` of a router costs every request.
            ServiceBuilder::new()
                .layer(from_fn(middleware::same_origin::guard))
                .layer(from_fn_with_state(web.clone(), middleware::session::identify)),
        );

    let api = Router::new()
        .route(
            "/v1/status/getTicket",
            get(api::tickets::get_ticket::get_ticket).options(api::error::options_get),
        )
        .route("/v1/status/getUser", get(api::people::get_user::get_user).options(api::error::options_get))
        .route(
            "/v1/status/getTechworks",
            get(api::people::get_techworks::get_techworks).options(api::error::options_get),
        )
        .route("/v1/status/getConfig", get(api::get_config::get_config).options(api::error::options_get))
        .route("/v1/conf/get", get(api::get_config::conf_get).options(api::error::options_get))
        .route("/v1/status/getPool", get(api::tickets::get_pool::get_pool).options(api::error::options_get))
        .route(
            "/v1/status/getAccount",
            get(api::account::get_account::get_account).options(api::error::options_get),
        )
        .route(
            "/v1/status/getInbox",
            get(api::account::get_inbox::get_inbox).options(api::error::options_get),
        )
        .route(
            "/v1/status/getHistory",
            get(api::tickets::get_history::get_history).options(api::error::options_get),
        )
        .route("/v1/status/getPhotos", get(api::tickets::photos::get_photos).options(api::error::options_get))
        .route("/v1/photos/{id}", get(api::tickets::photos::full).options(api::error::options_get))
        .route(
            "/v1/photos/{id}/thumbnail",
            get(api::tickets::photos::thumbnail).options(api::error::options_get),
        )
        .route("/v1/user/login", post(api::account::login::login).options(api::error::options_post))
        .merge(calls())
        .route("/v1", any(api::error::no_such_address))
        .route("/v1/", any(api::error::no_such_address))
        .route("/v1/{*rest}", any(api::error::no_such_address))
        .method_not_allowed_fallback(api::error::method_not_allowed)
        .layer(option_layer(cors(&web.app)));

    site.merge(api)
        .route("/api/openapi.json", get(api::openapi::document))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .layer(
            ServiceBuilder::new()
                .layer(TraceLayer::new_for_http())
                .layer(CompressionLayer::new())
                .layer(from_fn_with_state(web.clone(), middleware::security_headers::add))
                .layer(CatchPanicLayer::custom(api::error::panicked))
                .layer(DefaultBodyLimit::max(BODY_LIMIT)),
        )
        .with_state(web)
}

/// Routes of calls that change something, except login: its answers are the contract's.
fn calls() -> Router<Web> {
    Router::new()
        .route("/v1/user/logout", post(api::account::logout::logout).options(api::error::options_post))
        .route(
            "/v1/user/register",
            post(api::account::registration::register).options(api::error::options_post),
        )
        .route("/v1/user/forgot", post(api::account::registration::forgot).options(api::error::options_post))
        .route(
            "/v1/user/welcome",
            post(api::account::registration::welcome).options(api::error::options_post),
        )
        .route("/v1/user/verify", post(api::account::registration::verify).options(api::error::options_post))
        .route(
            "/v1/user/sendProof",
            post(api::account::profile::send_proof).options(api::error::options_post),
        )
        .route("/v1/user/profile", post(api::account::profile::profile).options(api::error::options_post))
        .route("/v1/user/wishes", post(api::account::profile::wishes).options(api::error::options_post))
        .route("/v1/user/duty", post(api::account::profile::duty).options(api::error::options_post))
        .route("/v1/user/password", post(api::account::profile::password).options(api::error::options_post))
        .route("/v1/user/read", post(api::account::profile::read).options(api::error::options_post))
        .route("/v1/user/create", post(api::people::admin::create).options(api::error::options_post))
        .route("/v1/user/role", post(api::people::admin::role).options(api::error::options_post))
        .route("/v1/user/disable", post(api::people::admin::disable).options(api::error::options_post))
        .route("/v1/user/enable", post(api::people::admin::enable).options(api::error::options_post))
        .route("/v1/user/link", post(api::people::admin::link).options(api::error::options_post))
        .route("/v1/user/contact", post(api::people::admin::contact).options(api::error::options_post))
        .route("/v1/ticket/create", post(api::tickets::report::create).options(api::error::options_post))
        .route("/v1/ticket/complete", post(api::tickets::actions::complete).options(api::error::options_post))
        .route("/v1/ticket/set", post(api::tickets::report::set).options(api::error::options_post))
        .route("/v1/ticket/give", post(api::tickets::actions::give).options(api::error::options_post))
        .route("/v1/ticket/code", post(api::tickets::actions::code).options(api::error::options_post))
        .route("/v1/ticket/act", post(api::tickets::actions::act).options(api::error::options_post))
        .route("/v1/ticket/message", post(api::tickets::actions::message).options(api::error::options_post))
        .route("/v1/ticket/photos", add_photos())
        .route("/v1/ticket/delete", post(api::tickets::actions::delete).options(api::error::options_post))
        .route("/v1/ticket/restore", post(api::tickets::actions::restore).options(api::error::options_post))
        .layer(map_response(api::error::with_message))
}

fn add_photos() -> MethodRouter<Web> {
    post(api::tickets::photos::add).options(api::error::options_post).layer(with_photos())
}

/// Limit of the sign-in form, which can hold any other form.
fn with_kept_form() -> DefaultBodyLimit {
    DefaultBodyLimit::max(FORM_LIMIT)
}

/// Limit of the few forms that carry files.
fn with_photos() -> DefaultBodyLimit {
    DefaultBodyLimit::max(uploads::room::BODY_LIMIT_WITH_PHOTOS)
}

/// Every list, in every format.
fn list_files() -> Router<Web> {
    let files = ListPage::ALL.into_iter().flat_map(|place| Format::ALL.map(|format| (place, format)));
    files.fold(Router::new(), |router, (place, format)| {
        let path = format!("{}.{}", place.path(), format.extension());
        router.route(&path, web::list_export::of(place, format))
    })
}

/// Routes that `rpc` declares, each with its method.
fn server_functions() -> Router<Web> {
    let declared = leptos::server_fn::axum::server_fn_paths();
    declared.fold(Router::new(), |router, (path, method)| {
        let method = MethodFilter::try_from(method).expect("server functions use GET and POST");
        router.route(path, on(method, web::render::server_function))
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
