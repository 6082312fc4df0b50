/**
 * The admin REST API, described by {@code /api/v1/openapi.json}, with health and metrics, on Spring Boot. Requests are signed (package {@code sign});
 * calls into the core block and run on virtual threads, never on an event loop.
 */
package io.tarn.server.admin;
