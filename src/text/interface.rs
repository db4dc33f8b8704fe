//! Sections about the REST interface: what it answers, and the pages that explain it.

/// Sentences of the REST interface.
pub struct Api {
    pub denied: &'static str,
    pub no_such_address: &'static str,
    pub method_not_allowed: &'static str,
    pub body_too_large: &'static str,
    pub body_no_object: &'static str,
    pub bad_value: &'static str,
    /// Reason for a field of a form that is missing or not valid where its first file begins.
    pub before_files: &'static str,
    pub body_no_form: &'static str,
    pub no_such_ticket: &'static str,
    pub no_such_person: &'static str,
    pub no_such_photo: &'static str,
    /// A password link that is used up or never existed.
    pub no_such_link: &'static str,
    /// Meanings of the settings that older programs know by name.
    pub conf_flag: &'static str,
    pub conf_year: &'static str,
    pub conf_tips: &'static str,
    pub conf_rest: &'static str,
    pub conf_submit: &'static str,
    /// A member of a ticket that no call sets.
    pub never_set: &'static str,
    pub login_fields: &'static str,
    pub wrong_credentials: &'static str,
    pub foreign_origin: &'static str,
    pub broken: fn(incident: &str) -> String,
    pub no_database: fn(incident: &str) -> String,
    pub value: fn(parameter: &str, reason: &str) -> String,
}

/// Pages that explain the REST interface.
pub struct Docs {
    pub title: &'static str,
    /// Title of the page of a tag of the document.
    pub group: fn(tag: &str) -> Option<&'static str>,
    pub contents: &'static str,
    pub document: &'static str,
    pub parameters: &'static str,
    pub body: &'static str,
    pub responses: &'static str,
    pub fields: fn(schema: &str) -> String,
    pub name: &'static str,
    pub kind: &'static str,
    pub meaning: &'static str,
    pub status: &'static str,
}
