-- Two clinics with rows in every table of the first release, and a value in every column of some row.
-- Written once, for the schema that release had: a later release is another folder, not another version of this file.
DO $$
DECLARE
    t integer;
    b bigint;
    noon timestamptz := '2026-11-24 15:00:00+00';
BEGIN
    FOR t IN 11..12 LOOP
        b := t * 1000;
        INSERT INTO tenants (id, name, slug, timezone, country, currency, phone, address, addresses, working_hours,
            consultation_price, emergency_number, emergency_advice, receptionist_name, slot_step, buffer_minutes,
            minimum_notice, horizon_days, hold_minutes, offer_minutes, quiet_seconds, quiet_max_seconds, created_at)
        VALUES (t, 'Clínica ' || t, 'clinica-' || t, 'America/Argentina/Cordoba', 'AR', 'ARS', '+543415550100',
            'Mitre 1240', '{"0": "Salta 2"}', '{"0": {"enabled": true, "slots": [{"start": "09:00", "end": "13:00"}]}}',
            15000.50, '107', 'Andá a la guardia.', 'Lucía', 20, 5, 90, 60, 9, 25, 7, 21, noon);
        INSERT INTO users (id, password, last_login, email, name, is_active, last_tenant_id, created_at) VALUES
            (b + 1, 'argon2$x', noon, 'ceo' || t || '@clinica.example', 'Dirección ' || t, true, t, noon),
            (b + 2, '!', NULL, 'setter' || t || '@clinica.example', 'Captación ' || t, false, NULL, noon);
        INSERT INTO public_routes (digest, kind, tenant_id, row_id) VALUES (md5(t::text), 'ycloud', t, b + 1);
        INSERT INTO memberships (tenant_id, id, user_id, role, status, created_at, activated_at, activated_by_id) VALUES
            (t, b + 1, b + 1, 'ceo', 'active', noon, noon, b + 1),
            (t, b + 2, b + 2, 'setter', 'suspended', noon, NULL, NULL);
        INSERT INTO professionals (tenant_id, id, membership_id, title, first_name, last_name, folded, licence,
            specialty, color, working_hours, google_calendar_id, active) VALUES
            (t, b + 1, b + 1, 'Dra.', 'Paula', 'Arrieta', 'arrieta paula', 'MP 3902', 'Endodoncia', 'p2',
             '{"1": {"enabled": false, "slots": []}}', 'paula@calendar.example', true),
            (t, b + 2, NULL, '', 'Nicolás', 'Brandt', 'brandt nicolas', '', '', '', NULL, '', false);
        INSERT INTO credentials (tenant_id, id, name, ciphertext, key_id, updated_at)
            VALUES (t, b + 1, 'channel:1:api_key', 'v1.k1.AAAA', 'k1', noon);
        INSERT INTO system_events (tenant_id, id, at, event, severity, actor_id, role, ip, method, path, payload)
            VALUES (t, b + 1, noon, 'record.read', 'warning', b + 1, 'ceo', '192.0.2.7', 'GET', '/patients/1/',
                    '{"patient": 1}');

        INSERT INTO insurers (tenant_id, id, name, folded, aliases, policy, note, delay_days)
            VALUES (t, b + 1, 'Médica Sur', 'medica sur', '["la sur"]', 'restricted', 'Con bono.', 30);
        INSERT INTO patients (tenant_id, id, first_name, last_name, folded, document_type, dni, birth_on, phone, email,
            insurance, member_number, status, guardian_id, medical_history, record_head, record_count, key, created_at)
        VALUES
            (t, b + 1, 'Ana', 'Ñandú', 'nandu ana', 'DNI', '30111222', '1980-02-29', '+5493415551234',
             'ana@correo.example', 'Médica Sur', '778/01', 'active', NULL, '{"allergies": "penicilina"}',
             repeat('b', 64), 2, 'user:1:aa', noon),
            (t, b + 2, 'Tomi', 'Ñandú', 'nandu tomi', 'DNI', NULL, NULL, '', '', '', '', 'guest', b + 1, '{}', '', 0,
             NULL, noon);
        INSERT INTO patient_words (tenant_id, id, patient_id, word) VALUES
            (t, b + 1, b + 1, 'nandu'), (t, b + 2, b + 1, 'ana'), (t, b + 3, b + 2, 'tomi');
        INSERT INTO clinical_records (tenant_id, id, patient_id, position, author_id, written_by_id, written_at, kind,
            text, corrects_id, previous_hash, hash, key) VALUES
            (t, b + 1, b + 1, 1, b + 1, b + 1, noon, 'evolution', 'Caries en 1.6.', NULL, '', repeat('a', 64), 'k'),
            (t, b + 2, b + 1, 2, b + 1, b + 1, noon, 'correction', 'Era 2.6.', b + 1, repeat('a', 64), repeat('b', 64),
             NULL);
        INSERT INTO record_drafts (tenant_id, id, patient_id, user_id, text, corrects_id, saved_at)
            VALUES (t, b + 1, b + 1, b + 1, 'Se va a', b + 2, noon);

        INSERT INTO treatment_types (tenant_id, id, code, name, folded, aliases, category, minutes, minutes_min,
            minutes_max, price, tell_price, bookable, active, sessions, gap_days, before_visit, after_visit)
            VALUES (t, b + 1, 'LIM', 'Limpieza', 'limpieza', '["profilaxis"]', 'preventiva', 30, 20, 40, 21000.00, true,
                    true, true, 2, 180, 'Venir sin comer.', 'No fumar.');
        INSERT INTO treatment_professionals (tenant_id, id, treatment_id, professional_id)
            VALUES (t, b + 1, b + 1, b + 1);
        INSERT INTO chairs (tenant_id, id, name) VALUES (t, b + 1, 'Sillón azul');
        INSERT INTO usual_chairs (tenant_id, id, professional_id, chair_id) VALUES (t, b + 1, b + 1, b + 1);
        INSERT INTO closures (tenant_id, id, start_at, end_at, professional_id, chair_id, kind, reason)
            VALUES (t, b + 1, noon + '2 days', noon + '3 days', b + 1, b + 1, 'closed', 'Congreso');
        INSERT INTO appointments (tenant_id, id, patient_id, professional_id, chair_id, treatment_id, start_at, end_at,
            status, source, urgency, reason, note, held_until, held_for, overbooked, overbook_reason, version,
            idempotency_key, created_by_id, created_at, confirmed_at, arrived_at, seated_at, completed_at, cancelled_at,
            cancel_reason, no_show_at, google_calendar_event_id, google_calendar_sync_status)
        VALUES
            (t, b + 1, b + 1, b + 1, b + 1, b + 1, noon, noon + '30 min', 'completed', 'desk', 'urgent', 'Dolor',
             'Llamar antes', NULL, '', true, 'Urgencia', 4, 'user:1:bb', b + 1, noon, noon, noon, noon, noon, NULL, '',
             NULL, 'evt1', 'synced'),
            (t, b + 2, NULL, b + 1, NULL, b + 1, noon + '1 hour', noon + '90 min', 'held', 'whatsapp', '', '', '',
             noon + '10 min', 'conversation:7', false, '', 1, NULL, NULL, noon, NULL, NULL, NULL, NULL, NULL, '', NULL,
             '', ''),
            (t, b + 3, b + 2, b + 2, NULL, b + 1, noon, noon + '30 min', 'cancelled', 'api', '', '', '', NULL, '',
             false, '', 2, NULL, NULL, noon, NULL, NULL, NULL, NULL, noon, 'Viaje', NULL, '', ''),
            (t, b + 4, b + 2, b + 2, NULL, b + 1, noon, noon + '30 min', 'no_show', 'google', '', '', '', NULL, '',
             false, '', 2, NULL, NULL, noon, NULL, NULL, NULL, NULL, NULL, '', noon, '', '');

        INSERT INTO daily_cash_flow (tenant_id, id, day, opening_balance, cash, card, transfer, qr, expenses, expected,
            counted, difference, difference_reason, opened_by_id, opened_at, closed_by_id, closed_at) VALUES
            (t, b + 1, '2026-11-23', 1000, 500.25, 10, 20, 30, 5, 1500.25, 1400.25, -100, 'Faltó un billete', b + 1,
             noon - interval '1 day', b + 1, noon),
            (t, b + 2, '2026-11-24', 1400.25, 0, 0, 0, 0, 0, 1400.25, NULL, NULL, '', b + 1, noon, NULL, NULL);
        INSERT INTO accounting_transactions (tenant_id, id, kind, amount, currency, method, detail, patient_id,
            appointment_id, on_day, recorded_at, recorded_by_id, covered_by_insurance, paid_by_patient, reverses_id, key)
        VALUES
            (t, b + 1, 'charge', 21000.00, 'ARS', '', 'Limpieza', b + 1, b + 1, '2026-11-24', noon, NULL, 5000.10,
             15999.90, NULL, NULL),
            (t, b + 2, 'payment', 100.00, 'ARS', 'cash', 'Seña', b + 1, NULL, '2026-11-24', noon, b + 1, 0, 100, NULL,
             'user:1:cc'),
            (t, b + 3, 'adjustment', 100.00, 'ARS', 'cash', 'Anula la seña', b + 1, NULL, '2026-11-24', noon, b + 1, 0,
             100, b + 2, NULL),
            (t, b + 4, 'expense', 33.33, 'ARS', 'cash', 'Guantes', NULL, NULL, '2026-11-24', noon, b + 1, 0, 0, NULL,
             NULL);

        INSERT INTO channels (tenant_id, id, public_id, provider, number, name, active, sandbox)
            VALUES (t, b + 1, md5('channel' || t)::uuid, 'ycloud', '+5493415550100', 'Recepción', true, true);
        INSERT INTO conversations (tenant_id, id, channel_id, phone, wa_user_id, address, profile_name, patient_id, facts,
            stage, attended_by, handoff_reason, handoff_at, assigned_to_id, triage_level, triage_reasons,
            last_message_at, last_message_text, last_inbound_at, unread, waiting_since, quiet_at, burst_started_at,
            claimed_at, claim, faults, failed_attempts, answered_upto)
        VALUES
            (t, b + 1, b + 1, '+5493415551234', 'AR.1', '+5493415551234', 'Ana', b + 1, '{"treatment": "LIM"}',
             'offered', 'staff', 'asked', noon, b + 1, 'urgent', '["dolor"]', noon, 'hola', noon, 2, noon, noon, noon,
             noon, md5('claim' || t)::uuid, 1, 2, b + 1),
            (t, b + 2, b + 1, '', 'AR.2', 'AR.2', '', NULL, '{}', '', 'receptionist', '', NULL, NULL, '', '[]', NULL,
             '', NULL, 0, NULL, NULL, NULL, NULL, NULL, 0, 0, 0);
        INSERT INTO turns (tenant_id, id, conversation_id, started_at, finished_at, engine, outcome, error,
            upto_message_id) VALUES (t, b + 1, b + 1, noon, noon, 'rules', 'answered', 'TimeoutError', b + 1);
        INSERT INTO turn_steps (tenant_id, id, turn_id, position, tool, arguments, result, refused, started_at,
            milliseconds, tokens) VALUES
            (t, b + 1, b + 1, 1, 'check_availability', '{"treatment": "LIM"}', '{"code": "closed"}', true, noon, 12, 34);
        INSERT INTO chat_messages (tenant_id, id, conversation_id, direction, author, author_user_id, kind, text, media,
            buttons, provider_id, provider_ref, status, error_code, error_text, key, created_at, sent_at, attempts,
            next_try_at, posting_since, turn_id) VALUES
            (t, b + 1, b + 1, 'in', 'patient', NULL, 'text', 'hola', '{}', '[]', 'wamid.1', '', 'received', '', '', NULL,
             noon, noon, 0, NULL, NULL, NULL),
            (t, b + 2, b + 1, 'out', 'staff', b + 1, 'image', '¿Qué tal? 🦷', '{"id": "m1"}', '[{"id": "a"}]', 'wamid.2',
             'ref2', 'failed', '131047', 'Fuera de la ventana', 'user:1:dd', noon, noon, 3, noon, noon, b + 1);
        INSERT INTO inbound_messages (tenant_id, id, channel_id, provider_id, event_id, kind, payload, received_at,
            message_id, error) VALUES
            (t, b + 1, b + 1, 'wamid.1', 'evt.1', 'message', '{"text": "hola"}', noon, b + 1, 'KeyError');
        INSERT INTO message_statuses (tenant_id, id, message_id, channel_id, event_id, provider_id, status, at, payload)
            VALUES (t, b + 1, b + 2, b + 1, 'evt.2', 'wamid.2', 'failed', noon, '{"code": 131047}');
        INSERT INTO offers (tenant_id, id, conversation_id, treatment_id, options, created_at, expires_at, chosen_code,
            closed_at) VALUES (t, b + 1, b + 1, b + 1, '[{"code": "A7"}]', noon, noon + '30 min', 'A7', noon);

        -- Django's own: they hold no clinic's data, and lose none either
        INSERT INTO django_content_type (id, app_label, model) VALUES (b, 'agenda', 'paper' || t);
        INSERT INTO auth_permission (id, name, content_type_id, codename) VALUES (b, 'Can look', b, 'look');
        INSERT INTO auth_group (id, name) VALUES (b, 'Group ' || t);
        INSERT INTO auth_group_permissions (id, group_id, permission_id) VALUES (b, b, b);
        INSERT INTO django_admin_log (id, action_time, object_id, object_repr, action_flag, change_message,
            content_type_id, user_id) VALUES (b, noon, '1', 'Sillón', 2, '[]', b, b + 1);
    END LOOP;
END
$$;
