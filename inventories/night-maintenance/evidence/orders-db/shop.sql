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

--
-- Name: ops; Type: SCHEMA; Schema: -; Owner: shop_owner
--

CREATE SCHEMA ops;


ALTER SCHEMA ops OWNER TO shop_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: table_sizes; Type: TABLE; Schema: ops; Owner: shop_owner
--

CREATE TABLE ops.table_sizes (
    name text NOT NULL,
    bytes bigint NOT NULL
);


ALTER TABLE ops.table_sizes OWNER TO shop_owner;

--
-- Name: order_items; Type: TABLE; Schema: public; Owner: shop_owner
--

CREATE TABLE public.order_items (
    order_id bigint NOT NULL,
    product_id bigint NOT NULL
);


ALTER TABLE public.order_items OWNER TO shop_owner;

--
-- Name: orders; Type: TABLE; Schema: public; Owner: shop_owner
--

CREATE TABLE public.orders (
    id bigint NOT NULL,
    status text NOT NULL
);


ALTER TABLE public.orders OWNER TO shop_owner;

--
-- Name: DATABASE shop; Type: ACL; Schema: -; Owner: shop_owner
--

REVOKE CONNECT,TEMPORARY ON DATABASE shop FROM PUBLIC;
GRANT CONNECT ON DATABASE shop TO housekeeper;


--
-- Name: SCHEMA ops; Type: ACL; Schema: -; Owner: shop_owner
--

GRANT USAGE ON SCHEMA ops TO housekeeper;


--
-- Name: TABLE table_sizes; Type: ACL; Schema: ops; Owner: shop_owner
--

GRANT SELECT ON TABLE ops.table_sizes TO housekeeper;


--
-- Name: TABLE order_items; Type: ACL; Schema: public; Owner: shop_owner
--

GRANT MAINTAIN ON TABLE public.order_items TO housekeeper;


--
-- Name: TABLE orders; Type: ACL; Schema: public; Owner: shop_owner
--

GRANT MAINTAIN ON TABLE public.orders TO housekeeper;


--
-- PostgreSQL database dump complete
--
