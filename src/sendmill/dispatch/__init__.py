"""From messages to the carrier and back: claim, intent, submit, record, receipts."""
