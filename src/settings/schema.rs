//! The JSON schema of the settings file, made from the table of inputs and the catalogue, so that editors know
//! names, values and meanings. What ships is `docs/settings.schema.json`; a test compares the two.

use serde_json::{Map, Value, json};

use super::file;
use super::inputs::{self, INPUTS, Input, OF_A_SITE};
use crate::provider::Catalogue;

/// The schema (draft 2020-12).
pub fn file_schema(catalogue: &Catalogue) -> Value {
    let inputs = INPUTS.iter().filter(|input| !input.secret);
    let mut properties: Map<String, Value> = inputs.map(property).collect();
    properties.insert(file::SCHEMA.to_owned(), json!({ "type": "string" }));
    let ladder = |name: &str| {
        (name.to_owned(), list("Models in the order of asking; the first answers unless it is gone"))
    };
    let ladders: Map<String, Value> = catalogue.names().map(ladder).collect();
    properties.insert(
        file::MODELS.to_owned(),
        json!({
            "description": "Models of each service, in the order of asking; a variable of the environment goes before",
            "type": "object", "properties": ladders, "additionalProperties": false,
        }),
    );
    let of_a_site: Map<String, Value> = OF_A_SITE.iter().chain([&inputs::ROOT]).map(property).collect();
    properties.insert(
        file::SITES.to_owned(),
        json!({
            "description": "Several sites in one repository: the folder of each, and what is set for it alone",
            "type": "array",
            "items": {
                "type": "object", "properties": of_a_site, "required": [inputs::ROOT.name],
                "additionalProperties": false,
            },
        }),
    );
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of image-fallback-action",
        "description": format!("The file {}: every key is the input of that name", file::PATH),
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": false,
    })
}

/// An input as a property.
fn property(input: &Input) -> (String, Value) {
    let description = format!("{}. Default: {}", input.meaning, input.default);
    let mut schema = match input.value {
        _ if input.switch => json!({ "type": "boolean" }),
        "N" => json!({ "type": "integer", "minimum": 0 }),
        "GLOBS" | "NAMES" => list(""),
        "DOLLARS" => json!({ "type": ["string", "number"], "minimum": 0 }),
        "DURATION" => json!({ "type": ["string", "integer"] }),
        value if value.contains('|') => json!({ "enum": value.split('|').collect::<Vec<_>>() }),
        _ => json!({ "type": "string" }),
    };
    schema["description"] = description.into();
    (input.name.to_owned(), schema)
}

/// One or several, as a list or in one text.
fn list(description: &str) -> Value {
    let text = json!({ "type": "string" });
    json!({ "description": description, "anyOf": [text, { "type": "array", "items": text }] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema() -> Value {
        file_schema(&Catalogue::built_in())
    }

    #[test]
    fn the_schema_that_ships_is_the_one_of_the_table() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/settings.schema.json");
        let made = format!("{}\n", serde_json::to_string_pretty(&schema()).unwrap());
        if std::env::var_os("UPDATE_SCHEMA").is_some() {
            std::fs::write(path, &made).unwrap();
        }
        let ships = std::fs::read_to_string(path).unwrap();
        assert!(ships == made, "run this test with UPDATE_SCHEMA=1 and look at what changed in {path}");
    }

    #[test]
    fn the_schema_takes_what_the_program_takes_and_nothing_else() {
        let schema = jsonschema::validator_for(&schema()).unwrap();
        let good = json!({
            "$schema": "https://example.com/settings.schema.json",
            "providers": ["together", "cloudflare"], "size": "1600x900", "quality": 80, "draft": true, "budget": 0.5,
            "deadline": "20m", "publish": "pull-request", "models": { "together": ["a", "b"], "gemini": "c" },
            "sites": [{ "root": "docs", "image-field": "cover.image" }],
        });
        assert!(schema.is_valid(&good) && schema.is_valid(&Value::Null));
        for bad in [
            json!({ "github-token": "x" }),
            json!({ "publish": "later" }),
            json!({ "quality": "much" }),
            json!({ "budget": -1 }),
            json!({ "models": { "nobody": "a" } }),
            json!({ "sites": [{ "image-field": "a" }] }),
        ] {
            assert!(!schema.is_valid(&bad), "{bad}");
        }
    }
}
