"""What readers of recordings share: numeric series as assets, the choice of stamps, streams that say their clock."""
