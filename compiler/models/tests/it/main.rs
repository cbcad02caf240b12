//! Models as their libraries write them, and as accidents leave them.

mod damage;
mod onnx;
mod trees;
mod write_onnx;
