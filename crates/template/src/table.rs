//! The keys and indexes of a table. The store makes its table by itself here, so a template that describes another one
//! would work on this machine and fail in the cloud; `start` compares. Next: `service::Store`.

use super::{
    Error,
    properties::{Properties, Property},
    scope::Scope,
};

/// A table's shape, in the order of its names.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    /// The table's name.
    pub name: String,
    /// Where the template describes it.
    pub line: usize,
    /// Attribute and type, `N` or `S`.
    pub attributes: Vec<(String, String)>,
    /// Attribute and `HASH` or `RANGE`.
    pub keys: Vec<(String, String)>,
    /// The global secondary indexes.
    pub indexes: Vec<Index>,
}

/// A global secondary index.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Index {
    /// The index's name.
    pub name: String,
    /// Attribute and `HASH` or `RANGE`.
    pub keys: Vec<(String, String)>,
    /// `ALL`, `KEYS_ONLY` or `INCLUDE`.
    pub projection: String,
}

/// Every table of the template.
pub fn tables(scope: &Scope<'_>) -> Result<Vec<Table>, Error> {
    let mut tables = Vec::new();
    for resource in scope.resources.of("AWS::DynamoDB::Table") {
        let mut properties = resource.properties(scope)?;
        let name = scope.resources.reference(scope, resource.id, resource.line, 0)?;
        let mut attributes = pairs(properties.need("AttributeDefinitions")?, "AttributeName", "AttributeType")?;
        attributes.sort();
        let keys = pairs(properties.need("KeySchema")?, "AttributeName", "KeyType")?;
        let mut indexes = Vec::new();
        for index in properties.items("GlobalSecondaryIndexes")? {
            let mut index = index.into_properties()?;
            let mut projection = index.need("Projection")?.into_properties()?;
            indexes.push(Index {
                name: index.text("IndexName")?,
                keys: pairs(index.need("KeySchema")?, "AttributeName", "KeyType")?,
                projection: projection.text("ProjectionType")?,
            });
        }
        indexes.sort();
        properties.finish(&[
            "BillingMode",
            "DeletionProtectionEnabled",
            "PointInTimeRecoverySpecification",
            "SSESpecification",
            "TableClass",
            "TableName",
            "Tags",
            "TimeToLiveSpecification",
        ])?;
        tables.push(Table { name, line: resource.line, attributes, keys, indexes });
    }
    Ok(tables)
}

fn pairs(list: Property, first: &str, second: &str) -> Result<Vec<(String, String)>, Error> {
    let pair = |item: Property| {
        let mut item: Properties = item.into_properties()?;
        let pair = (item.text(first)?, item.text(second)?);
        item.finish(&[])?;
        Ok(pair)
    };
    list.into_items()?.into_iter().map(pair).collect()
}
