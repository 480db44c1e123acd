//! Profile changes: in Meu Perfil, or in a rider's third step.

use super::{BIRTH_DATE, CNPJ, CPF, PHONE, unique_phone};
use crate::db::{one, unique};
use crate::fault::Fault;
use crate::seal::Sealer;
use portaria::field::Field;
use portaria::fresh::Completer;
use portaria::profile::{FreeTexts, ProfileChange};
use portaria::value::{City, Gender, Name, Username};
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

/// Writes a changed profile. `Err`: another account has that document, phone or user name. Of two at once, the unique
/// indexes let one win (ASVS 15.4.2). Then nothing is written, and the transaction continues. The caller must hold the row
/// ([`super::lock`]).
///
/// Documents and a phone are written only with `by`: whoever completes or owns the account. A document that its owner added
/// later can be removed again (`cpf_set_at`); one from the sign-up cannot.
pub async fn update_profile(
    conn: &mut PgConnection,
    sealer: &Sealer,
    now: OffsetDateTime,
    id: i64,
    by: Option<&Completer>,
    new: &ProfileChange,
) -> Result<Result<(), Field>, Fault> {
    let by = by.filter(|by| by.account_id() == id);
    let phone = new.phone.as_ref().filter(|_| by.is_some());
    let cpf = new.cpf.as_ref().filter(|_| by.is_some());
    let cnpj = new.cnpj.as_ref().filter(|_| by.is_some());
    let written: FreeTexts = new.texts.iter().filter_map(|(field, text)| Some((*field, text.clone()?))).collect();
    let removed: Vec<_> = new.texts.iter().filter(|(_, text)| text.is_none()).map(|(field, _)| field.name()).collect();
    let hashes = [
        phone.map(|phone| unique_phone(sealer, phone)),
        cpf.map(|cpf| sealer.unique(CPF, cpf.as_str())),
        cnpj.map(|cnpj| sealer.unique(CNPJ, cnpj.as_str())),
    ];
    let [(phone_index, phone_next), (cpf_index, cpf_next), (cnpj_index, cnpj_next)] =
        hashes.map(|unique| unique.map_or((None, None), |it| (Some(it.index), it.next)));
    let update = sqlx::query(
        "update accounts set name = coalesce($3, name), texts = (texts || $4) - $5::text[], username = coalesce(username, $6), \
         phone_sealed = coalesce($7, phone_sealed), phone_index = coalesce($8, phone_index), \
         phone_next = case when $8 is null then phone_next else $18 end, \
         cpf_next = case when cpf_index is null then $19 else cpf_next end, \
         cnpj_next = case when cnpj_index is null then $20 else cnpj_next end, \
         phone_proved_at = case when $8 is null then phone_proved_at end, \
         birth_date_sealed = coalesce(birth_date_sealed, $9), gender = coalesce($10, gender), \
         cpf_set_at = case when $12 is null or cpf_index is not null then cpf_set_at when $15 then $2 end, \
         cpf_sealed = coalesce(cpf_sealed, $11), cpf_index = coalesce(cpf_index, $12), \
         cnpj_set_at = case when $14 is null or cnpj_index is not null then cnpj_set_at when $15 then $2 end, \
         cnpj_sealed = coalesce(cnpj_sealed, $13), cnpj_index = coalesce(cnpj_index, $14), \
         state = coalesce($16, state), city = coalesce($17, city), updated_at = $2, version = version + 1 where id = $1",
    )
    .bind(id)
    .bind(now)
    .bind(new.name.as_ref().map(Name::as_str))
    .bind(Json(written))
    .bind(removed)
    .bind(new.username.as_ref().map(Username::as_str))
    .bind(phone.map(|phone| sealer.seal_in(phone.e164().as_bytes(), PHONE, &id)))
    .bind(phone_index)
    .bind(new.birth_date.map(|born| sealer.seal_in(born.to_iso().as_bytes(), BIRTH_DATE, &id)))
    .bind(new.gender.map(Gender::as_str))
    .bind(cpf.map(|cpf| sealer.seal_in(cpf.as_str().as_bytes(), CPF, &id)))
    .bind(cpf_index)
    .bind(cnpj.map(|cnpj| sealer.seal_in(cnpj.as_str().as_bytes(), CNPJ, &id)))
    .bind(cnpj_index)
    .bind(matches!(by, Some(Completer::Owner(_))))
    .bind(new.state.as_ref().map(|state| state.as_str()))
    .bind(new.city.as_ref().map(City::as_str))
    .bind(phone_next)
    .bind(cpf_next)
    .bind(cnpj_next);
    match unique::unless_taken(conn, update).await? {
        Ok(done) => one(&done, "accounts").map(Ok),
        Err(field) => Ok(Err(field)),
    }
}
