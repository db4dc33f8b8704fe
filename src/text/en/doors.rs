//! English: the ways in beside the sign-in.

use super::*;

pub const DOORS: DoorTexts = DoorTexts {
    to_sign_in: "I have an account: sign in",
    to_register: "Create an account",
    register: "Create an account",
    username_hint: "To sign in with; no blanks, and nothing like a phone number or e-mail",
    contact_hint: "Give a phone number or an e-mail, so that technicians can reach you",
    repeat: "Password again",
};
