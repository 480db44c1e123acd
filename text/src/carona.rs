//! What the Via Carona contract says (004): the document's messages, and those that it leaves open.

#![expect(missing_docs, reason = "the document's table and the sentence itself say what it is for")]

/// The sentences. Those of the document stand word for word in Portuguese.
#[derive(Debug)]
pub struct Carona {
    pub registered: &'static str,
    pub registered_detail: &'static str,
    pub email_verified: &'static str,
    pub email_verified_detail: &'static str,
    pub code_sent_if_waiting: &'static str,
    pub completed: &'static str,
    pub signed_in: &'static str,
    /// `AUTH_001`.
    pub not_verified: &'static str,
    /// `AUTH_002`.
    pub bad_credentials: &'static str,
    /// `AUTH_003`.
    pub token_failed: &'static str,
    /// `AUTH_004`.
    pub token_invalid: &'static str,
    /// `USER_001`.
    pub email_taken: &'static str,
    /// `USER_002`.
    pub username_taken: &'static str,
    /// `USER_003`.
    pub phone_taken: &'static str,
    /// `USER_004`.
    pub cpf_taken: &'static str,
    /// `VALIDATION_001`.
    pub date_shape: &'static str,
    /// `VALIDATION_ERROR`.
    pub invalid: &'static str,
    /// `VERIFICATION_001`.
    pub code_wrong: &'static str,
    /// `VERIFICATION_002`.
    pub code_expired: &'static str,
    /// `VERIFICATION_003`.
    pub send_failed: &'static str,
    /// What is wrong with a multipart body as a whole.
    pub form: FormTexts,
}

/// What is wrong with a multipart body as a whole.
#[derive(Debug)]
pub struct FormTexts {
    pub media_type: &'static str,
    pub no_boundary: &'static str,
    pub unnamed: &'static str,
    /// `{field}`.
    pub twice: &'static str,
    pub incomplete: &'static str,
    pub too_slow: &'static str,
}
