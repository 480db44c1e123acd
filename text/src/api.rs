//! What the JSON contracts say when the answer is yes, and beside a no.

/// The sentences.
#[derive(Debug)]
pub struct Api {
    /// 001 and 003: registered.
    pub check_email: &'static str,
    /// 000: registered, the code is on its way.
    pub code_sent: &'static str,
    /// 000: asked to send again.
    pub code_sent_if_waiting: &'static str,
    /// Asked for a sign-in code.
    pub login_code_sent: &'static str,
    /// 001: asked to send the link again.
    pub link_sent_if_waiting: &'static str,
    /// 003: the link was right.
    pub email_proved: &'static str,
    /// 003: signed out.
    pub signed_out: &'static str,
    /// 002: the code is on its way; the same when nothing was sent.
    pub recovery_sent: &'static str,
    /// 003: asked for a reset link; the same whether or not the address is known.
    pub reset_link_sent: &'static str,
    /// Showed again who they are.
    pub reauthenticated: &'static str,
    /// A code for that is on its way.
    pub reauthentication_sent: &'static str,
    /// A code to a new e-mail is on its way; the same when another account has it.
    pub email_code_sent: &'static str,
    /// The first password was set.
    pub password_set: &'static str,
    /// One session was ended.
    pub session_ended: &'static str,
    /// All others were.
    pub other_sessions_ended: &'static str,
    /// 002 message 1, word for word; 003 as well.
    pub password_changed: &'static str,
    /// 003/EX01: what to do about a taken address or phone.
    pub taken_offer: &'static str,
}
