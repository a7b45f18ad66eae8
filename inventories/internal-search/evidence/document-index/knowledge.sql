--
-- PostgreSQL database dump
--

-- Dumped from database version 17.5
-- Dumped by pg_dump version 17.5

SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: knowledge; Type: DATABASE; Schema: -; Owner: indexer
--

CREATE DATABASE knowledge WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8';


ALTER DATABASE knowledge OWNER TO indexer;

\connect knowledge

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: chunks; Type: TABLE; Schema: public; Owner: indexer
--

CREATE TABLE public.chunks (
    id bigint NOT NULL,
    document text NOT NULL,
    body text NOT NULL,
    embedding public.vector(1024) NOT NULL
);


ALTER TABLE public.chunks OWNER TO indexer;

--
-- Name: DATABASE knowledge; Type: ACL; Schema: -; Owner: indexer
--

REVOKE CONNECT,TEMPORARY ON DATABASE knowledge FROM PUBLIC;
GRANT CONNECT ON DATABASE knowledge TO answers_ro;


--
-- Name: TABLE chunks; Type: ACL; Schema: public; Owner: indexer
--

GRANT SELECT ON TABLE public.chunks TO answers_ro;


--
-- PostgreSQL database dump complete
--
