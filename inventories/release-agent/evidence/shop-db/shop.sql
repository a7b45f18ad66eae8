--
-- PostgreSQL database dump
--

\restrict Sxyta6NNqey5DwS8fbZ2VwUFdZ72EPeiY0oTKn7vvZ4Wc5rrWL0LNgudB8iYVgN

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: shop; Type: DATABASE; Schema: -; Owner: app_owner
--

CREATE DATABASE shop WITH TEMPLATE = template0 ENCODING = 'UTF8' LOCALE_PROVIDER = libc LOCALE = 'C.UTF-8';


ALTER DATABASE shop OWNER TO app_owner;

\unrestrict Sxyta6NNqey5DwS8fbZ2VwUFdZ72EPeiY0oTKn7vvZ4Wc5rrWL0LNgudB8iYVgN
\connect shop
\restrict Sxyta6NNqey5DwS8fbZ2VwUFdZ72EPeiY0oTKn7vvZ4Wc5rrWL0LNgudB8iYVgN

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: customers; Type: TABLE; Schema: public; Owner: app_owner
--

CREATE TABLE public.customers (
    id bigint NOT NULL,
    email text
);


ALTER TABLE public.customers OWNER TO app_owner;

--
-- Name: orders; Type: TABLE; Schema: public; Owner: app_owner
--

CREATE TABLE public.orders (
    id bigint NOT NULL,
    total numeric
);


ALTER TABLE public.orders OWNER TO app_owner;

--
-- Name: customers customers_pkey; Type: CONSTRAINT; Schema: public; Owner: app_owner
--

ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);


--
-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: public; Owner: app_owner
--

ALTER TABLE ONLY public.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);


--
-- Name: TABLE orders; Type: ACL; Schema: public; Owner: app_owner
--

GRANT SELECT ON TABLE public.orders TO release_report;


--
-- PostgreSQL database dump complete
--

\unrestrict Sxyta6NNqey5DwS8fbZ2VwUFdZ72EPeiY0oTKn7vvZ4Wc5rrWL0LNgudB8iYVgN

