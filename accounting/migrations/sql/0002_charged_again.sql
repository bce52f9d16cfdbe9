DO $$
BEGIN
    -- A visit whose completion was a mistake is charged again when it is done: the charge before it was reversed.
    ALTER TABLE accounting_transactions ADD COLUMN IF NOT EXISTS charge_number smallint NOT NULL DEFAULT 1;
    DROP INDEX IF EXISTS accounting_transactions_one_charge;
    CREATE UNIQUE INDEX IF NOT EXISTS accounting_transactions_one_charge_each
        ON accounting_transactions (tenant_id, appointment_id, charge_number) WHERE kind = 'charge';
END $$;
