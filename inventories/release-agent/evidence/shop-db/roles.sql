--
-- PostgreSQL database cluster dump
--

\restrict fL6S7z7nDJI7MiArnks4C0i3Yd86Z4DIzWWMqxqOiunB1oUX09ZMJ0cmGy5PRCx

SET default_transaction_read_only = off;

SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;

--
-- Roles
--

CREATE ROLE app_owner;
ALTER ROLE app_owner WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN NOREPLICATION NOBYPASSRLS;
CREATE ROLE postgres;
ALTER ROLE postgres WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;
CREATE ROLE release_report;
ALTER ROLE release_report WITH NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB LOGIN NOREPLICATION NOBYPASSRLS;

--
-- User Configurations
--


--
-- Role memberships
--

GRANT app_owner TO release_report GRANTED BY postgres;




\unrestrict fL6S7z7nDJI7MiArnks4C0i3Yd86Z4DIzWWMqxqOiunB1oUX09ZMJ0cmGy5PRCx

--
-- PostgreSQL database cluster dump complete
--

