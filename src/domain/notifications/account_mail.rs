//! Mails about an account rather than a ticket.

use std::str::FromStr;

/// Reason for a mail about an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountMail {
    /// Brings the link by which a person proves that the address is theirs.
    Verify,
    EmailChanged,
    PhoneChanged,
    PasswordChanged,
}

impl AccountMail {
    pub const ALL: [Self; 4] = [Self::Verify, Self::EmailChanged, Self::PhoneChanged, Self::PasswordChanged];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::EmailChanged => "email",
            Self::PhoneChanged => "phone",
            Self::PasswordChanged => "password",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a mail about an account")]
pub struct UnknownAccountMail;

impl FromStr for AccountMail {
    type Err = UnknownAccountMail;

    fn from_str(text: &str) -> Result<Self, UnknownAccountMail> {
        Self::ALL.into_iter().find(|mail| mail.name() == text).ok_or(UnknownAccountMail)
    }
}

impl TryFrom<String> for AccountMail {
    type Error = UnknownAccountMail;

    fn try_from(text: String) -> Result<Self, UnknownAccountMail> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_reads_back_from_its_name() {
        for mail in AccountMail::ALL {
            assert_eq!(mail.name().parse(), Ok(mail));
        }
        assert_eq!("news".parse::<AccountMail>(), Err(UnknownAccountMail));
    }
}
