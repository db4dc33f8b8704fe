//! The person whose page a form was on.

use crate::domain::access::{self, OtherPerson};
use crate::domain::ids::UserId;
use crate::domain::viewer::Viewer;
use crate::ui::page_context::MADE_FOR;

/// Value of the field that names the person.
pub fn made_for(fields: &[(String, String)]) -> Option<&str> {
    let found = fields.iter().find(|(name, _)| name == MADE_FOR);
    found.map(|(_, person)| person.as_str())
}

/// Refuses a form of another person's page. A value that cannot be read is no one's; a form that
/// names nobody is from a program, or from before pages did.
pub fn check_person(viewer: &Viewer, made_for: Option<&str>) -> Result<(), OtherPerson> {
    let person = made_for.map(|person| person.parse().map_err(|_| OtherPerson)).transpose()?;
    access::same_person(viewer, person.map(UserId))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::viewer::Role;

    #[test]
    fn a_form_is_of_its_reader_or_names_nobody() {
        let viewer = Viewer { id: UserId(5), role: Role::User, nickname: String::new() };

        for (named, is_own) in [
            (None, true),
            (Some("5"), true),
            (Some("6"), false),
            (Some(""), false),
            (Some("5 "), false),
            (Some("zhou"), false),
            (Some("99999999999999999999"), false),
        ] {
            assert_eq!(check_person(&viewer, named).is_ok(), is_own, "{named:?}");
        }
    }
}
