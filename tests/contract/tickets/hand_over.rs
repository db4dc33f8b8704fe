//! Hand-overs: offered and accepted, or in person by a code.

use fixdesk::domain::input::{Input, Reason};
use fixdesk::domain::problem::Problem;
use fixdesk::domain::tickets::action::Action;
use fixdesk::domain::tickets::status::Status;
use fixdesk::domain::tickets::workflow::Refusal;
use fixdesk::service::tickets::hand_over::{make_code, take_over};

use crate::support::desk::{Desk, action_request, viewer};

const WRONG: Result<Status, Problem> =
    Err(Problem::BadInput { input: Input::Code, reason: Reason::NotOffered });

#[tokio::test]
async fn an_offer_counts_once_the_colleague_agrees() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;

    desk.gives(&desk.chen, ticket, Action::Offer, desk.gao.id).await;
    assert_eq!(desk.row(ticket).await.contract.technician, Some(desk.chen.id));
    assert_eq!(desk.unread(&desk.gao).await, 1);
    desk.does(&desk.gao, ticket, Action::TakeOver).await;

    let row = desk.row(ticket).await;
    assert_eq!((row.contract.technician, row.offered_to), (Some(desk.gao.id), None));
}

#[tokio::test]
async fn a_withdrawn_offer_is_none() {
    let desk = Desk::open().await;
    let ticket = desk.in_repair().await;
    desk.gives(&desk.chen, ticket, Action::Offer, desk.gao.id).await;

    desk.does(&desk.chen, ticket, Action::Withdraw).await;

    assert_eq!(desk.act(&desk.gao, action_request(ticket, Action::TakeOver)).await, Err(Problem::NotFound));
    assert_eq!(
        desk.act(&desk.chen, action_request(ticket, Action::Withdraw)).await,
        Err(Refusal::NoOffer.into())
    );
}

#[tokio::test]
async fn a_code_hands_a_job_over_once() {
    let desk = Desk::open().await;
    let (app, gao) = (&desk.stage.app, viewer(&desk.gao));
    let ticket = desk.in_repair().await;
    let code = make_code(app, &viewer(&desk.chen), ticket).await.expect("is made");

    take_over(app, &gao, ticket, &code, None).await.expect("is good");

    assert_eq!(desk.row(ticket).await.contract.technician, Some(desk.gao.id));
    assert_eq!(take_over(app, &viewer(&desk.chen), ticket, &code, None).await, WRONG);
}

#[tokio::test]
async fn a_code_expires_and_cannot_be_guessed() {
    let desk = Desk::open().await;
    let (app, gao) = (&desk.stage.app, viewer(&desk.gao));
    let ticket = desk.in_repair().await;

    let late = make_code(app, &viewer(&desk.chen), ticket).await.expect("is made");
    desk.stage.pass_seconds(600);
    assert_eq!(take_over(app, &gao, ticket, &late, None).await, WRONG);

    let code = make_code(app, &viewer(&desk.chen), ticket).await.expect("is made");
    for _ in 0..5 {
        assert_eq!(take_over(app, &gao, ticket, "no code", None).await, WRONG);
    }
    assert_eq!(take_over(app, &gao, ticket, &code, None).await, WRONG);
    assert_eq!(desk.row(ticket).await.contract.technician, Some(desk.chen.id));
}

#[tokio::test]
async fn a_code_is_made_by_the_technician_and_used_by_technicians() {
    let desk = Desk::open().await;
    let app = &desk.stage.app;
    let ticket = desk.in_repair().await;

    assert_eq!(make_code(app, &viewer(&desk.gao), ticket).await, Err(Problem::NotFound));
    assert_eq!(make_code(app, &viewer(&desk.zhou), ticket).await, Err(Refusal::NotYours.into()));
    let code = make_code(app, &viewer(&desk.chen), ticket).await.expect("is made");
    assert_eq!(take_over(app, &viewer(&desk.zhou), ticket, &code, None).await, Err(Problem::Denied));
}
