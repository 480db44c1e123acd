//! The CPF or CNPJ of accounts, found and removed by its keyed index.

use super::accounts::{CNPJ, CPF};
use crate::fault::Fault;
use crate::seal::{Index, Sealer};
use portaria::value::Document;
use sqlx::PgConnection;
use time::OffsetDateTime;

/// The keyed index of a document in contests and the audit. Among the accounts [`Sealer::unique_of`] it is unique and found.
pub fn index(sealer: &Sealer, document: &Document) -> Index {
    match document {
        Document::Cpf(cpf) => sealer.found(CPF, cpf.as_str()),
        Document::Cnpj(cnpj) => sealer.found(CNPJ, cnpj.as_str()),
    }
}

/// The keyed index by which entries for a document are counted and its recovery codes are found.
pub fn recovery_index(sealer: &Sealer, document: &Document) -> Index {
    sealer.found("recovery.document", document.canonical())
}

/// Every hash by which an account with the document of this index is found.
fn any(sealer: &Sealer, document_index: &[u8]) -> Vec<Vec<u8>> {
    sealer.found_by(document_index).any().into_iter().map(<[u8]>::to_vec).collect()
}

/// The account that has the document with this index, locked until the transaction ends.
pub async fn holder(conn: &mut PgConnection, sealer: &Sealer, document_index: &[u8]) -> Result<Option<i64>, Fault> {
    // Of one that is by the newest key already, the account may still have the hash by the key before, and this one beside it.
    let id = sqlx::query_scalar(
        "select id from accounts where cpf_index = any($1) or cnpj_index = any($1) or cpf_next = any($1) or cnpj_next = any($1) \
         for no key update",
    );
    Ok(id.bind(any(sealer, document_index)).fetch_optional(conn).await?)
}

/// Removes a document. Returns whether the account had it.
pub async fn release(conn: &mut PgConnection, sealer: &Sealer, now: OffsetDateTime, id: i64, document_index: &[u8]) -> Result<bool, Fault> {
    let released = sqlx::query(
        "update accounts set cpf_sealed = case when has_cpf then null else cpf_sealed end, \
         cpf_next = case when has_cpf then null else cpf_next end, cpf_index = case when has_cpf then null else cpf_index end, \
         cnpj_sealed = case when has_cnpj then null else cnpj_sealed end, \
         cnpj_next = case when has_cnpj then null else cnpj_next end, cnpj_index = case when has_cnpj then null else cnpj_index end, \
         updated_at = $2, version = version + 1 \
         from (select coalesce(cpf_index = any($3) or cpf_next = any($3), false) as has_cpf, \
                      coalesce(cnpj_index = any($3) or cnpj_next = any($3), false) as has_cnpj from accounts where id = $1) as it \
         where id = $1 and (has_cpf or has_cnpj)",
    )
    .bind(id)
    .bind(now)
    .bind(any(sealer, document_index))
    .execute(conn)
    .await?
    .rows_affected();
    Ok(released == 1)
}
