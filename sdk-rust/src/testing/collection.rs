//! Which collection a record is of, where a case does not say.

use std::rc::Rc;

use super::json::Json;

/// The record with `collectionName` and `collectionId`, as `policy test` fills them in.
pub fn within(record: Rc<Json>, collection: &str) -> Rc<Json> {
    let mut fields = match &*record {
        Json::Object(fields) => fields.clone(),
        _ => return record,
    };
    let has = |key| record.get(key).cloned();
    let name = || Rc::new(Json::Text(collection.into()));
    let name = has("collectionName").unwrap_or_else(name);
    for key in ["collectionId", "collectionName"] {
        if has(key).is_none() {
            fields.push((key.into(), name.clone()));
        }
    }
    Rc::new(Json::Object(fields))
}
