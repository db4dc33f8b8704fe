//! A viewer's own account: profile, preferences, availability. Contacts are changed by `contacts`.

use crate::domain::access;
use crate::domain::input::{Input, Reason};
use crate::domain::notifications::preferences::NotificationPreferences;
use crate::domain::people::availability::DutyForm;
use crate::domain::people::profile::OwnAccount;
use crate::domain::problem::Problem;
use crate::domain::viewer::{Role, Viewer};
use crate::service::App;
use crate::service::notifications::mail_address::is_deliverable;
use crate::store::notifications::mail_refusals;
use crate::store::people::preferences::{self, Own};

/// Returns the viewer's profile, contacts and choices.
pub async fn own(app: &App, viewer: &Viewer) -> Result<OwnAccount, Problem> {
    let own = preferences::own(&app.db, viewer.id).await?.ok_or(Problem::SignedOut)?;
    let Own { profile, verified, email_refused, choices: chosen } = own;
    Ok(OwnAccount {
        email_refused,
        profile,
        verified,
        notification_preferences: chosen.notification_preferences,
        duty: (viewer.role == Role::Technician).then_some(chosen.duty),
        limit_of_site: app.site.limits.jobs,
    })
}

/// Refuses an address that no mail could be sent to.
pub(crate) fn check_email(email: &str) -> Result<(), Problem> {
    match is_deliverable(email) {
        true => Ok(()),
        false => Err(Problem::BadInput { input: Input::Email, reason: Reason::NotAnEmail }),
    }
}

/// Lets mails go to the viewer's refused address again: they say that it is good.
pub async fn try_address_again(app: &App, viewer: &Viewer) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    mail_refusals::forget(&mut tx, viewer.id).await?;
    Ok(tx.commit().await?)
}

/// Changes the viewer's notification preferences. `revise` makes the new ones of the present: a
/// form has all of them, a program perhaps only a few.
pub async fn change_preferences(
    app: &App,
    viewer: &Viewer,
    revise: impl FnOnce(NotificationPreferences) -> NotificationPreferences + Send,
) -> Result<(), Problem> {
    let mut tx = app.db.begin().await?;
    let own = preferences::own_locked(&mut tx, viewer.id).await?.ok_or(Problem::SignedOut)?;
    let present = own.choices;
    preferences::set_notification_preferences(&mut tx, viewer.id, &revise(present.notification_preferences))
        .await?;
    Ok(tx.commit().await?)
}

/// Changes the viewer's availability as a technician.
pub async fn change_availability(
    app: &App,
    viewer: &Viewer,
    revise: impl FnOnce(DutyForm) -> DutyForm + Send,
) -> Result<(), Problem> {
    access::technicians_only(viewer)?;
    let mut tx = app.db.begin().await?;
    let own = preferences::own_locked(&mut tx, viewer.id).await?.ok_or(Problem::SignedOut)?;
    let present = own.choices;
    let form = revise(DutyForm::of(present.duty.clone()));
    let checked = form.check(&present.duty, &app.site.campuses, app.site.limits.jobs);
    let duty = checked.map_err(|(input, reason)| Problem::BadInput { input, reason })?;
    preferences::set_duty(&mut tx, viewer.id, &duty).await?;
    Ok(tx.commit().await?)
}
