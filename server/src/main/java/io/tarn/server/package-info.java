/**
 * The one process that assembles Tarn. Sub-packages: {@code config} (typed configuration), {@code node} (shards, storage and front ends
 * of an embedded node), {@code admin} (the admin REST API and health on Spring Boot), {@code sign} (signatures of admin requests),
 * {@code cli} (the {@code tarn} command line, which uses nothing of Spring).
 */
package io.tarn.server;
