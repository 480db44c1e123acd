//! What the JSON contracts say.

use crate::api::Api;

pub(super) const API: Api = Api {
    check_email: "Check your e-mail to activate your account",
    code_sent: "We sent a confirmation code to your phone.",
    code_sent_if_waiting: "If a sign-up is waiting on this phone, the code was sent.",
    login_code_sent: "If there is an account with this phone, we sent a sign-in code.",
    link_sent_if_waiting: "If a sign-up is waiting on this e-mail address, we sent the link again.",
    email_proved: "E-mail address proved. You can sign in now.",
    signed_out: "You are signed out.",
    recovery_sent: "If this CPF/CNPJ is registered, we sent a verification code to its confirmed contacts.",
    reset_link_sent: "If there is an account with this e-mail address, we sent a link to set a new password.",
    reauthenticated: "We confirmed that it is you.",
    reauthentication_sent: "We sent a confirmation code to a contact of your account.",
    email_code_sent: "We sent a confirmation code to the e-mail.",
    password_set: "Password set!",
    session_ended: "Session ended.",
    other_sessions_ended: "The other sessions have ended.",
    password_changed: "Password changed!",
    taken_offer: "Sign in or, if you forgot the password, recover your access.",
};
