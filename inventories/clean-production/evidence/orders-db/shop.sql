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
-- Name: shop; Type: DATABASE; Schema: -; Owner: shop_owner
--

CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8';


ALTER DATABASE shop OWNER TO shop_owner;

\connect shop

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: orders; Type: TABLE; Schema: public; Owner: shop_owner
--

CREATE TABLE public.orders (
    id bigint NOT NULL,
    customer_id bigint NOT NULL,
    status text NOT NULL,
    total numeric(12,2) NOT NULL
);


ALTER TABLE public.orders OWNER TO shop_owner;

--
-- Name: products; Type: TABLE; Schema: public; Owner: shop_owner
--

CREATE TABLE public.products (
    id bigint NOT NULL,
    title text NOT NULL
);


ALTER TABLE public.products OWNER TO shop_owner;

--
-- Name: returns; Type: TABLE; Schema: public; Owner: shop_owner
--

CREATE TABLE public.returns (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    reason text NOT NULL
);


ALTER TABLE public.returns OWNER TO shop_owner;

--
-- Name: DATABASE shop; Type: ACL; Schema: -; Owner: shop_owner
--

REVOKE CONNECT,TEMPORARY ON DATABASE shop FROM PUBLIC;
GRANT CONNECT ON DATABASE shop TO concierge_ro;
GRANT CONNECT ON DATABASE shop TO returns_ro;


--
-- Name: TABLE orders; Type: ACL; Schema: public; Owner: shop_owner
--

GRANT SELECT ON TABLE public.orders TO concierge_ro;
GRANT SELECT ON TABLE public.orders TO returns_ro;


--
-- Name: TABLE products; Type: ACL; Schema: public; Owner: shop_owner
--

GRANT SELECT ON TABLE public.products TO concierge_ro;


--
-- Name: TABLE returns; Type: ACL; Schema: public; Owner: shop_owner
--

GRANT SELECT ON TABLE public.returns TO returns_ro;


--
-- PostgreSQL database dump complete
--
