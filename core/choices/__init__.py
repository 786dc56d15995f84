"""What may be chosen: ranges and names, and the plug-ins that the names stand for."""
