//! Asks the server what each request costs, and adds it up.

use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::{
    operation::{
        get_item::{GetItemInput, GetItemOutput},
        query::{QueryInput, QueryOutput},
        transact_write_items::{TransactWriteItemsInput, TransactWriteItemsOutput},
        update_item::{UpdateItemInput, UpdateItemOutput},
    },
    types::{ConsumedCapacity, ReturnConsumedCapacity},
};
use aws_smithy_runtime_api::{
    box_error::BoxError,
    client::{
        interceptors::{
            Intercept,
            context::{AfterDeserializationInterceptorContextRef, BeforeSerializationInterceptorContextMut},
            dyn_dispatch_hint,
        },
        runtime_components::RuntimeComponents,
    },
};
use aws_smithy_types::config_bag::ConfigBag;

/// What requests cost together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    pub requests: Vec<&'static str>,
    /// Items that queries looked at.
    pub looked_at: i32,
    /// Read and write units.
    pub units: f64,
}

/// An interceptor. It allows no other operations than the store's own.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Mutex<Cost>>);

impl Cost {
    /// Whether it were queries only.
    pub fn queries(&self) -> bool {
        self.requests.iter().all(|request| *request == "Query")
    }
}

impl Meter {
    /// What it cost since the last time.
    pub fn take(&self) -> Cost {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[dyn_dispatch_hint]
impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "Meter"
    }

    fn modify_before_serialization(
        &self,
        context: &mut BeforeSerializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let input = context.input_mut();
        let (request, wish) = if let Some(input) = input.downcast_mut::<QueryInput>() {
            ("Query", &mut input.return_consumed_capacity)
        } else if let Some(input) = input.downcast_mut::<GetItemInput>() {
            ("GetItem", &mut input.return_consumed_capacity)
        } else if let Some(input) = input.downcast_mut::<UpdateItemInput>() {
            ("UpdateItem", &mut input.return_consumed_capacity)
        } else if let Some(input) = input.downcast_mut::<TransactWriteItemsInput>() {
            ("TransactWriteItems", &mut input.return_consumed_capacity)
        } else {
            return Err("an operation that costs nobody knows what".into());
        };
        *wish = Some(ReturnConsumedCapacity::Total);
        self.0.lock().unwrap().requests.push(request);
        Ok(())
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Ok(output) = context.output_or_error() else { return Ok(()) };
        let mut cost = self.0.lock().unwrap();
        let consumed: &[ConsumedCapacity] = if let Some(output) = output.downcast_ref::<QueryOutput>() {
            cost.looked_at += output.scanned_count;
            output.consumed_capacity.as_slice()
        } else if let Some(output) = output.downcast_ref::<GetItemOutput>() {
            output.consumed_capacity.as_slice()
        } else if let Some(output) = output.downcast_ref::<UpdateItemOutput>() {
            output.consumed_capacity.as_slice()
        } else if let Some(output) = output.downcast_ref::<TransactWriteItemsOutput>() {
            output.consumed_capacity()
        } else {
            return Err("an answer that costs nobody knows what".into());
        };
        cost.units += consumed.iter().filter_map(|consumed| consumed.capacity_units).sum::<f64>();
        Ok(())
    }
}
