//! The HTTP side of the server. [`router`] is the table of contents.
//!
//! Handlers translate: read the request, call one verb of `service`, print the
//! answer. They do not know the store and decide nothing about tickets.

mod bearer;
mod client_address;
mod docs;
mod error;
mod forms;
mod get_ticket;
mod headers;
mod language;
mod login;
mod openapi;
mod pages;
mod preferences;
mod same_origin;
mod session;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::{HeaderValue, Method, header};
use axum::middleware;
use axum::routing::{get, post};
use leptos::config::LeptosOptions;
use leptos_axum::LeptosRoutes as _;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::CorsLayer;
use tower_http::trace::TraceLayer;

use crate::service::App;
use crate::ui;

/// No request of the desk needs more.
const BODY_LIMIT: usize = 64 * 1024;

/// What handlers and pages are given.
#[derive(Clone)]
pub struct Web {
    pub app: App,
    pub leptos: LeptosOptions,
}

impl FromRef<Web> for App {
    fn from_ref(web: &Web) -> Self {
        web.app.clone()
    }
}

impl FromRef<Web> for LeptosOptions {
    fn from_ref(web: &Web) -> Self {
        web.leptos.clone()
    }
}

pub fn router(web: Web) -> Router {
    let pages = leptos_axum::generate_route_list(ui::App);

    let site = Router::new()
        .route("/", get(pages::home))
        .leptos_routes_with_handler(pages, get(pages::page))
        .route("/sign-in", post(forms::sign_in))
        .route("/sign-out", post(forms::sign_out))
        .route("/account", post(forms::change_password))
        .route("/preferences", post(preferences::remember))
        .route("/rpc/{*function}", get(pages::server_function).post(pages::server_function))
        .route("/api/docs", get(docs::page))
        .fallback(pages::file_or_not_found)
        .layer(middleware::from_fn_with_state(web.clone(), session::identify))
        .layer(middleware::from_fn(same_origin::guard));

    let api = Router::new()
        .route("/v1/status/getTicket", get(get_ticket::get_ticket).options(error::options_get))
        .route("/v1/user/login", post(login::login).options(error::options_post))
        .route("/v1/{*rest}", axum::routing::any(error::no_such_address))
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(cors(&web.app));

    site.merge(api)
        .route("/api/openapi.json", get(openapi::document))
        .route("/healthz", get(pages::health))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(middleware::from_fn_with_state(web.clone(), headers::add))
        .layer(CatchPanicLayer::custom(error::panicked))
        .layer(CompressionLayer::new())
        .layer(TraceLayer::new_for_http())
        .with_state(web)
}

/// Off unless the site names origins.
fn cors(app: &App) -> CorsLayer {
    let origins = app.site.cors_origins.iter();
    let origins: Vec<HeaderValue> = origins.filter_map(|origin| origin.parse().ok()).collect();
    CorsLayer::new()
        .allow_origin(origins)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE])
}
