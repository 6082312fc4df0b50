/**
 * What a node offers to clients in other processes. Nobody is trusted: every call is checked against the tenant of its session here,
 * whichever gateway it comes from.
 */
package io.tarn.core.service;
