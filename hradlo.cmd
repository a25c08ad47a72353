@echo off
"%~dp0node_modules\.bin\node.cmd" "%~dp0src\main\cli.ts" %*
