"""Forecasting: models, cross-validation, prediction intervals and the engine that combines them."""
