"""From histories to forecasts: models, backtest, intervals, engine. No page fits anything."""
