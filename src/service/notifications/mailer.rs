//! Connection to the site's mail server.

use std::time::Duration;

use lettre::address::AddressError;
use lettre::message::Mailbox;
use lettre::transport::smtp;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use tokio::time::timeout;

use super::mail_address::in_ascii;

/// Client of the mail server, and the sender.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    pub(super) from: Mailbox,
    patience: Duration,
}

/// Longest conversation about one mail: connection, greeting and every reply.
const PATIENCE: Duration = Duration::from_secs(15);

/// A conversation that the mail server has not ended in time.
#[derive(Debug, thiserror::Error)]
#[error("the mail server did not take the mail within {seconds} s")]
pub struct Hanging {
    seconds: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum BadMailer {
    #[error("smtp_url is not an address like smtps://user:password@mail.example.edu: {0}")]
    Url(#[from] smtp::Error),
    #[error("smtp_url has an option {0:?}, and knows only tls")]
    Option(String),
    #[error("smtp_url has a user name without a password: write smtp://user:password@host")]
    NoPassword,
    #[error("mail_from has an address that no mail server takes")]
    Sender,
    #[error("mail_from is not an address like Desk <desk@example.edu>: {0}")]
    From(#[from] AddressError),
}

impl Mailer {
    pub fn new(url: &str, from: &str) -> Result<Self, BadMailer> {
        check_options(url)?;
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.build();
        Ok(Self { transport, from: Self::sender(from)?, patience: PATIENCE })
    }

    /// Parses a sender, such as `Desk <desk@example.edu>`.
    pub fn sender(from: &str) -> Result<Mailbox, BadMailer> {
        let Mailbox { name, email } = from.parse()?;
        // The Message-ID has the host, too, and is ASCII only.
        let email = in_ascii(&email).ok_or(BadMailer::Sender)?;
        Ok(Mailbox::new(name, email))
    }

    /// Sets the time limit of a conversation.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Sends a mail to the server. A conversation that takes too long is broken off, its connection
    /// closed.
    pub(super) async fn bring(&self, mail: Message) -> Result<Result<(), smtp::Error>, Hanging> {
        match timeout(self.patience, self.transport.send(mail)).await {
            Ok(sent) => Ok(sent.map(|_| ())),
            Err(_) => Err(Hanging { seconds: self.patience.as_secs() }),
        }
    }
}

/// Refuses options that the transport would ignore in silence: with a misspelt `tls`, passwords
/// could be read on the way.
fn check_options(url: &str) -> Result<(), BadMailer> {
    let (address, options) = url.split_once('?').unwrap_or((url, ""));
    let unknown = form_urlencoded::parse(options.as_bytes()).find(|(name, _)| name != "tls");
    if let Some((name, _)) = unknown {
        return Err(BadMailer::Option(name.into_owned()));
    }
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    let host = rest.split('/').next().unwrap_or_default();
    match host.rsplit_once('@') {
        Some((user, _)) if !user.contains(':') => Err(BadMailer::NoPassword),
        _ => Ok(()),
    }
}
