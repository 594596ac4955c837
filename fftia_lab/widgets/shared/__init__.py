"""What two figures or more draw: wirings, signals, trained layers."""
