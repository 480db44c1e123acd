//! The CPF or CNPJ of accounts, found and removed by its keyed index.

use super::accounts::{CNPJ, CPF};
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::value::Document;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// The keyed index of a document in contests and the audit. Among the accounts [`Sealer::unique_of`] it is unique and found.
pub fn index(sealer: &Sealer, document: &Document) -> Vec<u8> {
    match document {
        Document::Cpf(cpf) => sealer.index(CPF, cpf.as_str()),
        Document::Cnpj(cnpj) => sealer.index(CNPJ, cnpj.as_str()),
    }
}

/// The account that has the document with this index, locked until the transaction ends.
pub async fn holder(conn: &mut PgConnection, sealer: &Sealer, document_index: &[u8]) -> Result<Option<i64>, Fault> {
    let id = sqlx::query_scalar("select id from accounts where cpf_index = any($1) or cnpj_index = any($1) for no key update");
    Ok(id.bind(sealer.unique_of(document_index).any()).fetch_optional(conn).await?)
}

/// Removes a document. Returns whether the account had it.
pub async fn release(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: i64, document_index: &[u8]) -> Result<bool, Fault> {
    let released = sqlx::query(
        "update accounts set cpf_sealed = case when cpf_index = any($3) then null else cpf_sealed end, \
         cpf_next = case when cpf_index = any($3) then null else cpf_next end, \
         cpf_index = case when cpf_index = any($3) then null else cpf_index end, \
         cnpj_sealed = case when cnpj_index = any($3) then null else cnpj_sealed end, \
         cnpj_next = case when cnpj_index = any($3) then null else cnpj_next end, \
         cnpj_index = case when cnpj_index = any($3) then null else cnpj_index end, \
         updated_at = $2, version = version + 1 where id = $1 and (cpf_index = any($3) or cnpj_index = any($3))",
    )
    .bind(id)
    .bind(now)
    .bind(sealer.unique_of(document_index).any())
    .execute(conn)
    .await?
    .rows_affected();
    Ok(released == 1)
}
