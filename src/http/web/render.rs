//! The pages: each is rendered here, whole.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, RETRY_AFTER};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get};
use axum::{Extension, RequestExt as _};
use axum_extra::extract::CookieJar;
use leptos::config::LeptosOptions;
use leptos::nonce::Nonce;
use leptos::prelude::*;
use tower::ServiceExt as _;
use tower_http::services::ServeDir;

use super::page_tokens::PageTokens;
use super::preferences;
use crate::domain::ids::TicketId;
use crate::domain::lists::page::ListPage;
use crate::domain::lists::query::TicketQuery;
use crate::domain::local_path::{LocalPath, sign_in_address};
use crate::domain::problem::Problem;
use crate::domain::tickets::event_page::{BEFORE, HistoryPart};
use crate::http::Web;
use crate::http::middleware::{navigation, security_headers};
use crate::pages::account::inbox::InboxPage;
use crate::pages::account::profile::AccountPage;
use crate::pages::document::document;
use crate::pages::not_found::{BrokenPage, NotFoundPage};
use crate::pages::people::directory::PeoplePage;
use crate::pages::sign_in::forgot::ForgotPage;
use crate::pages::sign_in::form::SignInPage;
use crate::pages::sign_in::register::RegisterPage;
use crate::pages::sign_in::verify::VerifyPage;
use crate::pages::sign_in::welcome::WelcomePage;
use crate::pages::tickets::list::TicketListPage;
use crate::pages::tickets::new::NewTicketPage;
use crate::pages::tickets::take_over::TakeOverPage;
use crate::pages::tickets::ticket::TicketPage;
use crate::pages::tickets::trash::DeletedPage;
use crate::service::App;
use crate::service::notifications::inbox;
use crate::service::sign_in::sessions::{Session, SessionState};
use crate::ui::page_context::{
    Address, AskedContact, Choices, FormState, MadeCode, MadeLink, PageContext, SelfService,
};

/// Content of the frame, made anew for every request.
pub trait Page: Fn() -> AnyView + Copy + Send + Sync + 'static {}

impl<F: Fn() -> AnyView + Copy + Send + Sync + 'static> Page for F {}

/// Redirects to the role's start page.
pub async fn home(
    State(web): State<Web>,
    Extension(SessionState(caller)): Extension<SessionState>,
    request: Request,
) -> Response {
    match caller {
        Ok(Some(session)) => Redirect::to(ListPage::home(session.viewer.role).path()).into_response(),
        Ok(None) => Redirect::to(&sign_in_address(None)).into_response(),
        Err(problem) => broken(web, request, problem).await,
    }
}

pub fn sign_in() -> MethodRouter<Web> {
    signed_out_page(|_| true, sign_in_page)
}

pub fn register() -> MethodRouter<Web> {
    signed_out_page(|ways| ways.registration, register_page)
}

pub fn forgot() -> MethodRouter<Web> {
    signed_out_page(|ways| ways.forgotten, forgot_page)
}

/// A page for signed-out visitors; 404 where the site has none.
fn signed_out_page(is_open: fn(SelfService) -> bool, page: impl Page) -> MethodRouter<Web> {
    let handler =
        async move |State(web): State<Web>, Extension(SessionState(caller)), request: Request| match caller {
            _ if !is_open(self_service(&web.app)) => not_found(web, request).await,
            Ok(Some(session)) => Redirect::to(ListPage::home(session.viewer.role).path()).into_response(),
            Ok(None) => public(render(web, request, None, page).await),
            Err(problem) => broken(web, request, problem).await,
        };
    get(handler)
}

/// Ways in beside the sign-in that are configured.
fn self_service(app: &App) -> SelfService {
    SelfService { registration: app.site.open_registration, forgotten: app.site.mailer.is_some() }
}

pub fn list(place: ListPage) -> MethodRouter<Web> {
    let page = move || view! { <TicketListPage place/> }.into_any();
    let handler = async move |State(web), Extension(SessionState(caller)), request: Request| match caller {
        Ok(Some(_)) if let Some(address) = without_blanks(place, request.uri()) => {
            Redirect::to(&address).into_response()
        }
        Ok(Some(_)) => render(web, request, None, page).await,
        Ok(None) => sign_in_first(request.uri()),
        Err(problem) => broken(web, request, problem).await,
    };
    get(handler)
}

/// Canonical address of a list requested by a form: without the blank fields that a shared link
/// does not need.
fn without_blanks(place: ListPage, uri: &Uri) -> Option<String> {
    let search = uri.query()?;
    let has_blanks = form_urlencoded::parse(search.as_bytes()).any(|(_, value)| value.is_empty());
    let query = TicketQuery::parse_search(search, place.parameters()).ok().filter(|_| has_blanks)?;
    Some(format!("{}{}", place.path(), query.to_search()))
}

/// Ticket page. Marks its notices as read if a person opens it and it shows the latest part of the history.
pub fn ticket() -> MethodRouter<Web> {
    let handler = async |State(web): State<Web>, Extension(SessionState(caller)), request: Request| {
        let opens = navigation::is_by_a_person(&request) && shows_the_latest(request.uri());
        let id = request.uri().path().trim_start_matches("/tickets/").parse().map(TicketId);
        let response = personal_page(web.clone(), caller.clone(), request, ticket_page).await;
        if let (true, StatusCode::OK, Ok(Some(Session { viewer, .. })), Ok(id)) =
            (opens, response.status(), caller, id)
        {
            // The page is shown even so; the failure is logged.
            let _ = inbox::mark_read_of(&web.app, &viewer, id).await;
        }
        response
    };
    get(handler)
}

fn shows_the_latest(ticket_page: &Uri) -> bool {
    let mut fields = form_urlencoded::parse(ticket_page.query().unwrap_or_default().as_bytes());
    let before = fields.find(|(name, _)| name == BEFORE).map(|(_, before)| before);
    HistoryPart::of_page(&before.unwrap_or_default()) == HistoryPart::LATEST
}

pub fn deleted() -> MethodRouter<Web> {
    personal(deleted_page)
}

pub fn new_ticket() -> MethodRouter<Web> {
    personal(new_ticket_page)
}

pub fn inbox() -> MethodRouter<Web> {
    personal(inbox_page)
}

pub fn people() -> MethodRouter<Web> {
    personal(people_page)
}

/// Page of a password link, signed in or not.
pub fn welcome() -> MethodRouter<Web> {
    get(async |State(web), request: Request| render(web, request, None, welcome_page).await)
}

/// Page of the link that confirms an e-mail address, signed in or not.
pub fn verify() -> MethodRouter<Web> {
    get(async |State(web), request: Request| render(web, request, None, verify_page).await)
}

pub fn take_over() -> MethodRouter<Web> {
    personal(take_over_page)
}

pub fn account() -> MethodRouter<Web> {
    personal(account_page)
}

/// A page that needs a session; others sign in first and return.
fn personal(page: impl Page) -> MethodRouter<Web> {
    let handler = async move |State(web), Extension(SessionState(caller)), request: Request| {
        personal_page(web, caller, request, page).await
    };
    get(handler)
}

async fn personal_page(
    web: Web,
    caller: Result<Option<Session>, Problem>,
    request: Request,
    page: impl Page,
) -> Response {
    match caller {
        Ok(Some(_)) => render(web, request, None, page).await,
        Ok(None) => sign_in_first(request.uri()),
        Err(problem) => broken(web, request, problem).await,
    }
}

/// Redirects to the sign-in, which then returns here.
pub fn sign_in_first(uri: &Uri) -> Response {
    Redirect::to(&sign_in_address(uri.path_and_query().map(PathAndQuery::as_str))).into_response()
}

pub fn sign_in_page() -> AnyView {
    view! { <SignInPage/> }.into_any()
}

pub fn register_page() -> AnyView {
    view! { <RegisterPage/> }.into_any()
}

pub fn forgot_page() -> AnyView {
    view! { <ForgotPage/> }.into_any()
}

pub fn ticket_page() -> AnyView {
    view! { <TicketPage/> }.into_any()
}

pub fn deleted_page() -> AnyView {
    view! { <DeletedPage/> }.into_any()
}

pub fn new_ticket_page() -> AnyView {
    view! { <NewTicketPage/> }.into_any()
}

pub fn inbox_page() -> AnyView {
    view! { <InboxPage/> }.into_any()
}

pub fn people_page() -> AnyView {
    view! { <PeoplePage/> }.into_any()
}

pub fn welcome_page() -> AnyView {
    view! { <WelcomePage/> }.into_any()
}

pub fn verify_page() -> AnyView {
    view! { <VerifyPage/> }.into_any()
}

pub fn take_over_page() -> AnyView {
    view! { <TakeOverPage/> }.into_any()
}

pub fn account_page() -> AnyView {
    view! { <AccountPage/> }.into_any()
}

/// Renders an error page with the problem's status.
pub async fn broken(web: Web, request: Request, problem: Problem) -> Response {
    let status = StatusCode::from_u16(problem.http_status());
    let wait = problem.retry_after_seconds();
    let mut response =
        render(web, request, Some(FormState::of(problem)), || view! { <BrokenPage/> }.into_any()).await;
    *response.status_mut() = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(seconds) = wait {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Renders a page for the request's address, whole: its status and title may
/// depend on its data, and it must be readable without JavaScript.
pub async fn render(web: Web, mut request: Request, form: Option<FormState>, page: impl Page) -> Response {
    let PageTokens { nonce, form_key } = PageTokens::new();
    let context = page_context(&web, &mut request, form_key).await;
    let policy = HeaderValue::from_str(&security_headers::page_policy(&nonce));
    let nonce = Nonce::from_value(nonce.as_str());
    let address = address(request.uri());
    let made_code = request.extensions().get::<MadeCode>().cloned();
    let made_link = request.extensions().get::<MadeLink>().cloned();
    let asked_contact = request.extensions().get::<AskedContact>().cloned();
    let provide = move || {
        provide_context(App::clone(&web.app));
        provide_context(LeptosOptions::clone(&web.leptos));
        provide_context(context.clone());
        provide_context(Choices {
            devices: web.app.site.device_types.clone(),
            faults: web.app.site.fault_types.clone(),
        });
        provide_context(nonce.clone());
        provide_context(address.clone());
        provide_context(self_service(&web.app));
        if let Some(form) = form.clone() {
            provide_context(form);
        }
        if let Some(code) = made_code.clone() {
            provide_context(code);
        }
        if let Some(link) = made_link.clone() {
            provide_context(link);
        }
        if let Some(asked) = asked_contact.clone() {
            provide_context(asked);
        }
    };
    let handler = leptos_axum::render_app_async_with_context(provide, move || document(page));
    let mut response = handler(request).await;
    if let Ok(policy) = policy {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

async fn page_context(web: &Web, request: &mut Request, form_key: String) -> PageContext {
    let caller = request.extensions().get::<SessionState>().cloned();
    let session = caller.and_then(|SessionState(caller)| caller.ok().flatten());
    let (viewer, counts) = session.map(|session| (session.viewer, session.counts)).unzip();
    let Ok(jar) = request.extract_parts::<CookieJar>().await;
    PageContext {
        locale: preferences::locale(&jar, request.headers()),
        theme: preferences::theme(&jar),
        site: web.app.site.name.clone(),
        campuses: web.app.site.campuses.clone(),
        viewer,
        counts: counts.unwrap_or_default(),
        form_key,
    }
}

fn address(uri: &Uri) -> Address {
    let search = uri.query().map(|query| format!("?{query}"));
    Address { path: uri.path().to_owned(), search: search.unwrap_or_default() }
}

/// Serves islands.
pub async fn server_function(State(web): State<Web>, request: Request) -> Response {
    let provide = move || provide_context(App::clone(&web.app));
    leptos_axum::handle_server_fns_with_context(provide, request).await.into_response()
}

/// Serves a file of the site, else the not-found page.
pub async fn file_or_not_found(State(web): State<Web>, request: Request) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    if is_read {
        if let Some(target) = without_trailing_slash(request.uri()) {
            return Redirect::permanent(target.as_str()).into_response();
        }
        if let Some(file) = static_file(&web, without_body(&request)).await {
            return file;
        }
    }
    not_found(web, request).await
}

/// Renders a public page. Its frame names a signed-in viewer, and then no browser stores it.
pub async fn everybodys(web: Web, request: Request, page: impl Page) -> Response {
    let is_nobodys = matches!(request.extensions().get(), Some(SessionState(Ok(None))));
    let response = render(web, request, None, page).await;
    if is_nobodys { public(response) } else { response }
}

/// Lets browsers store a public response. Files of `/pkg/` are kept for longer.
pub fn public(mut response: Response) -> Response {
    response.headers_mut().entry(CACHE_CONTROL).or_insert(security_headers::PUBLIC);
    response
}

/// Renders the 404 page.
pub async fn not_found(web: Web, request: Request) -> Response {
    let mut response = render(web, request, None, || view! { <NotFoundPage/> }.into_any()).await;
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

fn without_body(request: &Request) -> Request {
    let mut copy = Request::new(Body::empty());
    request.method().clone_into(copy.method_mut());
    request.uri().clone_into(copy.uri_mut());
    request.headers().clone_into(copy.headers_mut());
    copy
}

async fn static_file(web: &Web, request: Request) -> Option<Response> {
    let folder = ServeDir::new(&*web.leptos.site_root)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    let Ok(response) = folder.oneshot(request).await;
    (response.status() != StatusCode::NOT_FOUND).then(|| public(response.into_response()))
}

fn without_trailing_slash(uri: &Uri) -> Option<LocalPath> {
    let path = uri.path().strip_suffix('/').filter(|path| !path.is_empty())?;
    LocalPath::parse(&format!("{path}{}", address(uri).search))
}
