//! What the Via Carona contract says (004).

use crate::carona::{Carona, FormTexts};

pub(super) const CARONA: Carona = Carona {
    registered: "Registered",
    registered_detail: "Registered. A verification code was sent to the e-mail address.",
    email_verified: "E-mail address verified",
    email_verified_detail: "E-mail address verified!",
    code_sent_if_waiting: "If a sign-up is waiting on this e-mail address, the code was sent.",
    completed: "Sign-up complete",
    signed_in: "Signed in",
    not_verified: "E-mail address not verified",
    bad_credentials: "Wrong credentials",
    token_failed: "The token could not be made",
    token_invalid: "Invalid or expired token",
    email_taken: "E-mail address already in use",
    username_taken: "User name already in use",
    phone_taken: "Phone already in use",
    cpf_taken: "CPF already in use",
    date_shape: "Wrong date format",
    invalid: "Check the fields",
    code_wrong: "Wrong code",
    code_expired: "Expired code",
    send_failed: "The e-mail could not be sent",
    form: FormTexts {
        media_type: "Send the form as multipart/form-data",
        no_boundary: "The Content-Type of the form has no boundary",
        unnamed: "A part of the form has no name",
        twice: "The field {field} came more than once",
        incomplete: "The form arrived incomplete. Send it again",
        too_slow: "The form took too long to arrive. Send it again",
    },
};
